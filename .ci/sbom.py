"""Write what a wheel brings along as CycloneDX 1.6: every locked package, its hashes, its license; the same each time.

What only a hub installs is in it as optional.

python .ci/sbom.py CHECKOUT WHEEL >outreach.cdx.json
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

# Libraries inside packages, that no list of packages names.
INSIDE = {
    "sqlcipher3": ("SQLCipher", "SQLite", "OpenSSL"),
    "cryptography": ("OpenSSL",),
    "psycopg-binary": ("OpenSSL",),
}


def licenses(notice: str) -> dict[str, str]:
    return dict(re.findall(r"^    ([\w-]+): ([^;\n]+)", notice, re.MULTILINE))


def licensed(words: str) -> list[dict[str, Any]]:
    """As CycloneDX wants it: an SPDX expression, or a name."""
    if re.fullmatch(r"[\w.-]+( (AND|OR) [\w.-]+)*", words):
        return [{"expression": words}]
    return [{"license": {"name": words}}]


def component(name: str, version: str, hashes: list[str], known: dict[str, str]) -> dict[str, Any]:
    address = f"pkg:pypi/{name}@{version}"
    found: dict[str, Any] = {"type": "library", "bom-ref": address, "name": name, "version": version, "purl": address}
    found["licenses"] = licensed(known[name])
    files = [{"alg": "SHA-256", "content": each} for each in hashes]
    found["externalReferences"] = [{"type": "distribution", "url": address, "hashes": files}]
    if name in INSIDE:
        found["components"] = [
            {"type": "library", "name": each, "licenses": licensed(known[each])} for each in INSIDE[name]
        ]
    return found


def bill(checkout: Path, wheel: Path) -> dict[str, Any]:
    known = licenses((checkout / "NOTICE").read_text(encoding="utf-8"))
    shipped = checkout / "outreach/shipped"
    always = set(re.findall(r"^[\w-]+(?===)", (shipped / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    packages = []
    for block in re.split(r"\n(?=\S)", (shipped / "requirements-hub.lock").read_text("utf-8")):
        pinned = re.match(r"([\w-]+)==([\w.]+)", block)
        assert pinned, block[:80]
        each = component(*pinned.groups(), re.findall(r"sha256:(\w+)", block), known)
        packages.append(each if pinned[1] in always else each | {"scope": "optional"})
    _, version = wheel.name.split("-")[:2]
    own = f"pkg:pypi/outreach@{version}"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "outreach",
                "version": version,
                "licenses": licensed("Apache-2.0"),
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
        },
        "components": packages,
        "dependencies": [{"ref": own, "dependsOn": [each["bom-ref"] for each in packages]}],
    }


if __name__ == "__main__":
    print(json.dumps(bill(Path(sys.argv[1]), Path(sys.argv[2])), indent=1))
