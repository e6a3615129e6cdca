"""What gets installed: every file is pinned by its hash, and everything has its license in NOTICE."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "outreach/shipped"
OWN, HUB, TESTS = SHIPPED / "requirements.lock", SHIPPED / "requirements-hub.lock", ROOT / ".ci/requirements-test.lock"
LOCKS = pytest.mark.parametrize("lock", [OWN, HUB, TESTS], ids=["own", "hub", "tests"])
NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS_OWN = {"pip"}


def locked(lock: Path) -> dict[str, tuple[str, int]]:
    """Each package of a lock file with its line and how many hashes follow it."""
    found: dict[str, tuple[str, int]] = {}
    for block in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8")):
        line, *hashes = block.replace("\\", "").strip().splitlines()
        name = re.split(r"[=\s]", line)[0]
        found[name + found.get(name, ("", 0))[0]] = (line.strip(), len(hashes))
    return found


def named(words: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", words)[0]).lower()


@LOCKS
def test_each_package_is_pinned_by_version_and_hashes(lock: Path) -> None:
    """One version for each Python and machine, and the hash of every file it may come from."""
    packages = locked(lock)
    assert len(packages) > 30
    for line, hashes in packages.values():
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][\w.]*( ; .+)?", line), line
        assert hashes, line


@LOCKS
def test_a_lock_file_says_nothing_of_where_it_was_made(lock: Path) -> None:
    """No address, no path, no command line: it is the same file whoever makes it."""
    text = lock.read_text("ascii")
    assert re.findall(r"https?:|file:|--(?!hash)|^\s*#|/", text, re.MULTILINE) == []


def test_all_that_is_asked_for_is_locked() -> None:
    """Every package in pyproject.toml is in the lock, a hub's and the tests' ones in theirs, and all agree."""
    own, hub, tests = locked(OWN), locked(HUB), locked(TESTS)
    needs = PROJECT["build-system"]["requires"] + PROJECT["project"]["dependencies"]
    assert {named(each) for each in needs} - own.keys() == set()
    extras = PROJECT["project"]["optional-dependencies"]
    assert {named(each) for each in extras["test"]} - tests.keys() == set()
    assert {named(each) for each in extras["hub"]} - hub.keys() == set()
    for lock in (own, hub):
        assert {
            name for name, (line, _) in lock.items() if tests[name][0].split(" ;")[0] != line.split(" ;")[0]
        } == set()


def licenses() -> dict[str, str]:
    """What NOTICE says of each package."""
    return dict(re.findall(r"^    ([a-z0-9-]+): (.+)$", NOTICE, re.MULTILINE))


def test_every_package_has_its_license_in_notice() -> None:
    """All that is locked is named there, with the license that the package itself declares where it does so plainly."""
    said = licenses()
    names = {re.split("[=]", line)[0] for lock in (OWN, HUB, TESTS) for line, _ in locked(lock).values()}
    assert names - said.keys() == set()
    assert said.keys() - names == set(), "it is no longer installed"

    compared = 0
    for name in names:
        try:
            declared = metadata(name)["License-Expression"]
        except PackageNotFoundError:
            continue  # for another system
        if declared:
            compared += 1
            assert said[name].partition(" (")[0] == declared, name
    assert compared > 30, "the control: packages do declare theirs"


def test_what_a_wheel_hides_is_in_notice() -> None:
    """The libraries inside sqlcipher3, whose license texts that package leaves out, and all fonts' license."""
    for each in ("SQLCipher: BSD-3-Clause", "ZETETIC LLC", "SUCH DAMAGE", "OpenSSL: Apache-2.0", "OFL.txt"):
        assert each in NOTICE
    assert "END OF TERMS AND CONDITIONS" in (ROOT / "LICENSE").read_text(encoding="utf-8"), "Apache-2.0 in full"
    assert {"SQLCipher", "flask"} - set(licenses()) == {"SQLCipher"}, "the control: names of packages are lower case"


def test_the_bill_of_materials_names_everything(tmp_path: Path) -> None:
    """The SBOM of a wheel has each locked package with version, license and hashes, and is the same each time."""
    wheel = tmp_path / "outreach-9.9.9-py3-none-any.whl"
    wheel.write_bytes(b"a wheel")

    def made() -> bytes:
        command = [sys.executable, ROOT / ".ci" / "sbom.py", ROOT, wheel]
        return subprocess.run(command, capture_output=True, check=True).stdout

    bill = json.loads(made())
    assert made() == made()
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["version"] == "9.9.9"
    found = {f"{each['name']}=={each['version']}": each for each in bill["components"]}
    for name, (line, hashes) in locked(HUB).items():
        each = found.pop(line.split(" ;")[0])
        assert len(each["externalReferences"][0]["hashes"]) == hashes and each["licenses"]
        assert ("scope" in each) == (name not in locked(OWN)), "what only a hub installs is optional"
    assert found == {}
    assert "SQLCipher" in json.dumps(bill)


def test_release_tools_can_be_run() -> None:
    """They are executable, and bash reads them."""
    for name in ("lock", "release"):
        tool = ROOT / ".ci" / name
        assert tool.stat().st_mode & 0o111
        assert subprocess.run(["bash", "-n", tool], capture_output=True).stderr == b""
