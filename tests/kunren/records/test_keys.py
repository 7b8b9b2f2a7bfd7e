"""`kunren key`, and the key that a site file names."""

import pytest

from kunren.records.keys import known_keys
from lab.errors import SiteError
from lab.model.signing import PrivateKey, simulated_key
from lab.site.file import load_site
from tests.docs.test_blocks import EXAMPLE, PASSWORDS
from tests.kunren.test_cli import kunren

LINES = 3
OWN = PrivateKey.of("A" * 43 + "=")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def key(folder, *arguments):
    return kunren("key", *arguments, cwd=folder)


def site(folder, seal):
    path = folder / "site.toml"
    path.write_text(f"{EXAMPLE}\n{seal}", encoding="utf-8")
    return load_site(path, PASSWORDS)


def test_a_new_key_is_for_this_user_alone_and_the_site_file_can_name_it(tmp_path):
    done = key(tmp_path, "new", "tokyo")
    assert done.returncode == 0, done.stderr
    private = tmp_path / "config" / "kunren" / "keys" / "tokyo.key"
    assert private.stat().st_mode & 0o777 == 0o600
    assert private.read_text() not in done.stdout
    [known] = known_keys()
    assert (known.name, known.own) == ("tokyo", True)
    found = site(tmp_path, "\n".join(done.stdout.splitlines()[-LINES:]))
    assert found.key.public == known.key
    assert f"tokyo  {known.key.id}  (its private key is here)" in key(tmp_path, "show", "--lang", "en").stdout
    before = private.read_bytes()
    again = key(tmp_path, "new", "tokyo")
    assert (again.returncode, "is not overwritten" in again.stderr, private.read_bytes()) == (2, True, before)
    for form in found.seal.secrets:
        assert form in found.secrets()


def test_a_key_of_others_is_known_from_now_on(tmp_path):
    one, other = PrivateKey.new().public, PrivateKey.new().public
    (tmp_path / "osaka.pem").write_bytes(one.pem)
    (tmp_path / "other.pem").write_bytes(other.pem)
    assert f"osaka is known from now on: {one.id}" in key(tmp_path, "trust", "osaka.pem").stdout
    assert key(tmp_path, "trust", "osaka.pem").returncode == 0
    done = key(tmp_path, "trust", "other.pem", "--name", "osaka")
    assert (done.returncode, "not overwritten" in done.stderr) == (2, True)
    assert [(each.name, each.key, each.own) for each in known_keys()] == [("osaka", one, False)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (simulated_key().public.pem, "which everybody has"),
        (b"\x00\xff", "is not the PEM of an Ed25519 public key"),
        (OWN.pem, "is not the PEM of an Ed25519 public key"),
        (None, "No such file"),
    ],
)
def test_what_is_no_key_to_trust_is_refused_in_one_sentence(tmp_path, content, said):
    if content is not None:
        (tmp_path / "key.pem").write_bytes(content)
    done = key(tmp_path, "trust", "key.pem")
    assert (done.returncode, said in done.stderr, done.stderr.count("\n")) == (2, True, 1), done.stderr
    assert known_keys() == ()


@pytest.mark.parametrize("name", ["../up", "", "a/b", ".hidden", "x" * 90])
def test_a_name_stays_in_the_folder(tmp_path, name):
    assert key(tmp_path, "new", name).returncode == 2
    assert list(tmp_path.rglob("*.key")) == []


@pytest.mark.parametrize(
    ("content", "mode", "public", "said"),
    [
        (None, 0, "", "which cannot be read"),
        (OWN.pem, 0o640, "", "which others can read too; run `chmod 600"),
        (b"\xff\xfe", 0o600, "", "does not lead to an Ed25519 key"),
        (b"no key", 0o600, "", "does not lead to an Ed25519 key"),
        (simulated_key().pem, 0o600, "", "the key of simulated runs, which everybody has"),
        (OWN.pem, 0o600, "SHA256:other", "is not that of the private key"),
    ],
)
def test_a_site_file_whose_key_cannot_be_used_is_refused_before_anything_is_touched(
    tmp_path, content, mode, public, said
):
    file = tmp_path / "tokyo.key"
    if content is not None:
        file.write_bytes(content)
        file.chmod(mode)
    expected = f'public = "{public}"\n' if public else ""
    with pytest.raises(SiteError, match=said) as refusal:
        site(tmp_path, f'[seal]\nprivate = "file:tokyo.key"\n{expected}')
    assert "BEGIN" not in str(refusal.value)


def test_a_key_may_be_where_passwords_are(tmp_path):
    made = PrivateKey.new()
    found = site(tmp_path, f'[seal]\nprivate = "command:printf %s {made.line}"\n')
    assert found.key.public == made.public
    with pytest.raises(SiteError, match="names KUNREN_SEAL, which is not set"):
        site(tmp_path, '[seal]\nprivate = "KUNREN_SEAL"\n')
