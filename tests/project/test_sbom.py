"""The bill of materials names what is installed: each pinned package, its version, its hashes."""

from __future__ import annotations

import json
import re

import pytest

from config import sbom
from config.sbom import NotPinned, components

LINES = (sbom.ROOT / "requirements.txt").read_text().splitlines()
A = "a" * 64


def test_it_has_as_many_packages_as_are_pinned():
    found = components(LINES)
    pinned = [line for line in LINES if "==" in line and not line.startswith(("#", " "))]
    hashes = [line for line in LINES if "--hash=" in line]
    assert len(found) == len(pinned) > 40
    assert sum(len(each["hashes"]) for each in found) == len(hashes)
    assert len({each["bom-ref"] for each in found}) == len(found)


def test_it_is_what_cyclonedx_asks_for(tmp_path, monkeypatch, capsys):
    file = tmp_path / "sbom.json"
    monkeypatch.setattr("sys.argv", ["sbom", str(file)])
    assert sbom.main() == 0
    bill = json.loads(file.read_text())
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    django = next(each for each in bill["components"] if each["name"] == "django")
    assert re.fullmatch(r"pkg:pypi/django@5\.2\.\d+", django["purl"])
    assert f"{len(bill['components'])} packages" in capsys.readouterr().out


@pytest.mark.parametrize(
    "lines",
    [
        ["django>=5"],
        ["django==5.2"],
        ["django==5.2 \\", "    --hash=md5:abc"],
        ["-e ."],
        [f"    --hash=sha256:{A}"],
        ["https://x.test/a.whl"],
        ["a==1 \\", f"    --hash=sha256:{A}", "b==2"],
    ],
    ids=str,
)
def test_what_is_not_pinned_is_refused(lines):
    with pytest.raises(NotPinned):
        components(lines)


def test_markers_and_comments_are_understood():
    lines = ["# made by", 'Foo_Bar[x]==1.2 ; sys_platform == "win32" \\', f"    --hash=sha256:{A}"]
    (found,) = components([*lines, "    # via x"])
    assert (found["name"], found["version"]) == ("foo-bar", "1.2")
