"""What the product needs travels in the wheel."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


def test_every_file_of_the_packages_is_in_the_wheel(tmp_path):
    inside = set(zipfile.ZipFile(built(tmp_path)).namelist())
    files = {
        str(path.relative_to(REPOSITORY))
        for package in PACKAGES
        for path in (REPOSITORY / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files
    assert files <= inside


def built(folder):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True, timeout=120)
    [wheel] = folder.glob("*.whl")
    return wheel


@pytest.mark.controls
def test_in_an_environment_with_the_wheel_alone_pytest_drills_a_feature(tmp_path):
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True, timeout=120)
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r"]
    subprocess.run([*install, REPOSITORY / "requirements.lock"], check=True, timeout=600)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", built(tmp_path)], check=True, timeout=120)
    feature = REPOSITORY / "features" / "en" / "4-1-clean-switchover.feature"
    own = tmp_path / "own"
    own.mkdir()
    (own / feature.name).write_bytes(feature.read_bytes())
    passed = subprocess.run(
        [python, "-m", "pytest", feature.name, "--junitxml=x.xml"], cwd=own, check=False, timeout=300
    )
    assert passed.returncode == 0
    assert 'failures="0"' in (own / "x.xml").read_text(encoding="utf-8")
    site = (REPOSITORY / "lab" / "site" / "simulated.toml").read_text(encoding="utf-8")
    (own / "site.toml").write_text(site + 'mutations = ["url-still-points-to-master"]\n', encoding="utf-8")
    red = subprocess.run(
        [python, "-m", "pytest", feature.name, "--kunren-site=site.toml"], cwd=own, check=False, timeout=300
    )
    assert red.returncode == 1


def test_no_lock_file_names_a_download_address():
    assert "://" not in (REPOSITORY / "requirements.lock").read_text()
