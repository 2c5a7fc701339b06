"""`make sbom`: what the product is made of, as CycloneDX, out of the pinned requirements."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(\[[^]]*\])?==([^\s;\\]+)\s*(;[^\\]*)?\\?$")
HASH = re.compile(r"^\s+--hash=sha256:([0-9a-f]{64})\s*\\?$")


class NotPinned(Exception):
    """A line of the requirements names no exact version, or has no hash."""


def components(lines: list[str]) -> list[dict[str, Any]]:
    """Give each package with its version and the hashes of the files that may be installed."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if pinned := PINNED.match(line):
            found.append(_component(pinned[1].lower().replace("_", "-"), pinned[3]))
        elif (hashed := HASH.match(line)) and found:
            found[-1]["hashes"].append({"alg": "SHA-256", "content": hashed[1]})
        else:
            raise NotPinned(f"line {number}: {line.strip()[:60]}")
    if unhashed := [each["name"] for each in found if not each["hashes"]]:
        raise NotPinned(f"no hash: {', '.join(unhashed)}")
    return found


def _component(name: str, version: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    return {
        "type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl,
        "hashes": [],
    }  # fmt: skip


def bill_of_materials(requirements: Path, project: Path) -> dict[str, Any]:
    about = tomllib.loads(project.read_text())["project"]
    reference = f"pkg:generic/{about['name']}@{about['version']}"
    found = components(requirements.read_text().splitlines())
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": about["name"],
                "version": about["version"],
                "bom-ref": reference,
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": found,
        "dependencies": [{"ref": reference, "dependsOn": [each["bom-ref"] for each in found]}],
    }


def main() -> int:
    bill = bill_of_materials(ROOT / "requirements.txt", ROOT / "pyproject.toml")
    text = json.dumps(bill, indent=1)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(f"{text}\n")
        print(f"{sys.argv[1]}: {len(bill['components'])} packages")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
