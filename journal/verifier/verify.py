"""Verifies a record of Kunren without Kunren: python3 verify.py [FOLDER] [--key PUBLIC_KEY.pem]

Needs Python 3.8 or newer, and openssl 3 for the signature. VERIFY.md says what each line means.
Exit codes: 0 all that can be proven is, 1 altered, 2 unreadable, 4 something is not proven.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys

LONGEST = 1 << 24
SIMULATED_KEY = "SHA256:e2zJ1UxCow0thEWXS3t4IkcRFEvpqHYhqLsDnOQJ7+U"
RENDERED = re.compile(r"record\.json|report[^/]*\.(html|md|pdf)")
APART = re.compile(r"seal\.(json|sig|pem|tsr|unstamped\.txt)|annotations[^/]*|journal\.jsonl")
DER = bytes.fromhex("302a300506032b6570032100")
found = []


def tell(mark, text):
    found.append(mark)
    print(f"{mark:8} {text}".encode("unicode_escape").decode())


def read(path, most):
    """The beginning of a file that is no link, pipe or device."""
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise OSError(f"{path} is not a file")
    with open(path, "rb") as file:
        return file.read(most)


def content(path):
    """What a seal says of a file, read piece by piece."""
    read(path, 0)
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
            size += len(piece)
    return {"sha256": digest.hexdigest(), "size": size}


def follow(path, before):
    """The lines of a chained file: what its seal says of it, the first line, the last line's kind, and its flaw."""
    read(path, 0)
    facts = {"first": {}, "last": None, "flaw": None, "simulated": False}
    whole, size, number, line = hashlib.sha256(), 0, 0, b"\n"
    with open(path, "rb") as file:
        for line in iter(lambda: file.readline(LONGEST), b""):
            if len(line) == LONGEST and not line.endswith(b"\n"):
                raise ValueError(f"line {number + 1} of {path} has more than 16 MiB")
            whole.update(line)
            size += len(line)
            if not line.endswith(b"\n"):
                break
            number += 1
            try:
                fields = json.loads(line.decode("utf-8"))
                flaw = not isinstance(fields, dict) or fields.get("n") != number or fields.get("prev") != before
            except (ValueError, RecursionError):
                fields, flaw = {}, True
            if flaw and facts["flaw"] is None:
                facts["flaw"] = f"line {number} does not follow from the line before it"
            fields = fields if isinstance(fields, dict) else {}
            if number == 1:
                facts["first"] = fields
            facts["last"] = fields.get("what")
            facts["simulated"] |= fields.get("what") == "host" and "SIMULATED" in str(fields.get("os"))
            before = hashlib.sha256(line[:-1]).hexdigest()
    facts["whole"] = line.endswith(b"\n")
    facts["sealed"] = {"entries": number, "size": size, "head": before, "sha256": whole.hexdigest()}
    return facts


def files_in(folder):
    for where, folders, files in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(where, name))]
        for name in files + links:
            yield os.path.relpath(os.path.join(where, name), folder).replace(os.sep, "/")


def seal_of(folder):
    text = read(os.path.join(folder, "seal.json"), 1 << 26)
    try:
        seal = json.loads(text.decode("utf-8"))
        raw = base64.b64decode(seal["key"]["public"], validate=True)
        schema, whole = seal["schema"], len(raw) == 32 and {**seal["files"], **seal["rendered"]["files"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None, None
    if schema != 1:
        raise ValueError(f"seal.json has schema {schema}, and this verifier reads schema 1")
    return (seal, raw) if whole else (None, None)


def check_journal(journal, seal):
    if journal["sealed"] != seal["journal"]:
        tell("ALTERED", "complete: journal.jsonl is not the file that was sealed")
    first = journal["first"]
    site = first.get("site") if isinstance(first.get("site"), dict) else {}
    told = [first.get("record") or "", first.get("environment"), site.get("name")]
    if told != [seal.get("record"), seal.get("environment"), seal.get("site")]:
        tell("ALTERED", "complete: seal and journal are of different runs")
    if (first.get("environment") == "simulated" or journal["simulated"]) is not seal.get("simulated"):
        tell("ALTERED", "complete: journal and seal do not agree whether the hosts were SIMULATED")


def check_files(folder, seal):
    rendered, present = seal["rendered"]["files"], sorted(files_in(folder))
    for name, sealed in sorted({**seal["files"], **rendered}.items()):
        path = os.path.join(folder, *name.split("/"))
        if name not in present:
            tell("ALTERED", f"complete: {name} is missing")
        elif os.path.islink(path) or os.path.getsize(path) != sealed["size"] or content(path) != sealed:
            tell("ALTERED", f"complete: {name} is not the file that was sealed")
    for name in present:
        if RENDERED.fullmatch(name) and name not in rendered:
            tell("-", f"complete: {name} was written after the seal, which does not cover it")
        elif not RENDERED.fullmatch(name) and not APART.fullmatch(name) and name not in seal["files"]:
            tell("ALTERED", f"complete: {name} is not in the seal")


def check_signature(folder, seal, raw, known):
    key_id = "SHA256:" + base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=")
    body = base64.b64encode(DER + raw).decode()
    pem = f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n".encode()
    paths = {name: os.path.join(folder, "seal." + name) for name in ("json", "sig", "pem")}
    if read(paths["pem"], 4096) != pem or seal["key"].get("id") != key_id:
        return tell("ALTERED", "sealed: seal.pem is not the key of the seal")
    if (key_id == SIMULATED_KEY) is not seal.get("simulated"):
        return tell("ALTERED", "sealed: the key of simulated runs seals these, and nothing else")
    if len(read(paths["sig"], 4096)) != 64:
        return tell("ALTERED", "sealed: seal.sig is not a signature of seal.json")
    openssl = shutil.which("openssl")
    if openssl is None:
        return tell("?", "sealed: there is no openssl, so the signature was not checked")
    verify = ["pkeyutl", "-verify", "-pubin", "-inkey", paths["pem"], "-rawin", "-in", paths["json"]]
    done = subprocess.run([openssl, *verify, "-sigfile", paths["sig"]], capture_output=True, check=False)
    if done.returncode and b"Verification Failure" in done.stdout + done.stderr:
        return tell("ALTERED", "sealed: seal.sig is not a signature of seal.json")
    if done.returncode:
        return tell("?", "sealed: this openssl cannot check the signature; version 3 can")
    about = "record {}, sealed at {} by {}".format(seal.get("record"), seal.get("sealed"), key_id)
    if key_id == SIMULATED_KEY:
        return tell("OK", f"sealed: SIMULATED, {about}, the key of simulated runs, which everybody has")
    if known and body in known:
        return tell("OK", f"sealed: {about}, the key that you know")
    return tell("?", f"sealed: {about}, which is not known here; compare it with what the site says")


def verify(folder, key):
    known = key and "".join(read(key, 4096).decode("ascii", "replace").split())
    path = os.path.join(folder, "journal.jsonl")
    journal = follow(path, "0" * 64)
    sealed = [os.path.lexists(os.path.join(folder, "seal." + name)) for name in ("json", "sig", "pem")]
    tell("ALTERED" if journal["flaw"] else "OK", "consistent: {}".format(journal["flaw"] or "one chain of lines"))
    if not any(sealed):
        ended = journal["last"] == "run.ended" and journal["whole"]
        return tell("?", "not sealed" if ended else "not sealed: the run did not come to its end")
    seal, raw = seal_of(folder) if all(sealed) else (None, None)
    if seal is None:
        return tell("ALTERED", "sealed: seal.json, seal.sig and seal.pem are not a seal")
    check_journal(journal, seal)
    check_files(folder, seal)
    if not any(mark == "ALTERED" for mark in found):
        tell("OK", "complete: the journal and all files that were sealed, and no others")
    check_signature(folder, seal, raw, known)
    for name in ("seal.tsr", "sources/preregistration.tsr"):
        if os.path.lexists(os.path.join(folder, *name.split("/"))):
            mark = "ALTERED" if seal.get("simulated") else "?"
            tell(mark, f"time-stamped: {name} is not checked here; VERIFY.md has the command that does")
    path = os.path.join(folder, "annotations.jsonl")
    if os.path.lexists(path):
        flaw = follow(path, seal["journal"]["head"])["flaw"]
        tell("ALTERED" if flaw else "OK", "annotations: {}".format(flaw or "one chain of lines, from the seal on"))


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Verify a record of Kunren.")
    parser.add_argument("folder", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--key", help="the site's public key, PEM, from another source than the record")
    chosen = parser.parse_args(arguments)
    try:
        verify(chosen.folder, chosen.key)
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        print(f"unreadable: {error}".encode("unicode_escape").decode())
        return 2
    return 1 if "ALTERED" in found else 4 if "?" in found else 0


if __name__ == "__main__":
    sys.exit(main())
