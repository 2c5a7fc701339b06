"""What the product's own source never does; each list of exceptions says why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRIALS = ("tracker/chaos", "tracker/fiction", "tracker/migrations")
"""Refused in production, or run once by whoever owns the tables."""
PROGRAMS = ("config", "tracker/backup", "tracker/chaos", "tracker/management")
"""What starts other programs: by a list of arguments, never by a shell."""
NEVER_IMPORTED = {
    "pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "bs4", "jinja2", "ldap3",
    "ftplib", "telnetlib", "memcache", "pymemcache",
}  # fmt: skip
DANGEROUS = {"eval", "exec", "compile", "__import__"}
OF_DICE = {"tracker/services/sending.py": "how long a message waits before it is tried again"}
CRYPTOGRAPHY = {"cryptography", "hashlib", "hmac", "secrets", "ssl"}
OLD_HASHES = {"tracker/api/sms_inbound.py": "Twilio signs with HMAC-SHA-1"}


@cache
def sources() -> dict[str, ast.Module]:
    files = [each for part in ("tracker", "config") for each in (ROOT / part).rglob("*.py")]
    return {str(each.relative_to(ROOT)): ast.parse(each.read_text()) for each in files}


def serving() -> dict[str, ast.Module]:
    return {path: tree for path, tree in sources().items() if not path.startswith(TRIALS)}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the name that it is called by, such as `re.compile`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def imports(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found


def test_there_is_something_to_look_at():
    assert len(serving()) > 250


def test_nothing_is_read_that_can_run_and_no_xml_at_all():
    assert {path: bad for path, tree in sources().items()
            if (bad := imports(tree) & NEVER_IMPORTED)} == {}  # fmt: skip


def test_no_text_is_run_as_a_program():
    for path, tree in sources().items():
        named = {name for name, _ in calls(tree)}
        assert not named & DANGEROUS, path
        assert not {each for each in named if each in ("os.system", "os.popen")}, path


def test_no_shell_is_started_and_only_where_programs_are_run():
    for path, tree in sources().items():
        for name, call in calls(tree):
            assert "shell" not in {each.arg for each in call.keywords}, f"{path}: {name}"
        if "subprocess" in imports(tree):
            assert path.startswith(PROGRAMS), path


def test_sql_is_a_constant_and_what_people_say_is_a_parameter():
    asked = 0
    for path, tree in serving().items():
        for name, call in calls(tree):
            assert not name.endswith((".raw", ".extra", "RawSQL")), path
            if not name.endswith(".execute") or not call.args:
                continue
            asked += 1
            said = call.args[0]
            joined = isinstance(said, ast.JoinedStr | ast.BinOp)
            assert not joined or path in JOINED, f"{path}:{call.lineno} puts SQL together"
    assert asked > 20


JOINED = {
    "tracker/across.py": "the names of its own functions",
    "tracker/services/audit_chain.py": "a condition of its own",
}


def test_a_pattern_is_never_what_somebody_typed():
    for path, tree in serving().items():
        for name, call in calls(tree):
            if not re.fullmatch(r"re\.(compile|match|search|fullmatch|sub|findall|split)", name):
                continue
            names = {each.id for each in ast.walk(call.args[0]) if isinstance(each, ast.Name)}
            assert {each for each in names if not each.isupper()} <= PATTERNS.get(path, set()), path


PATTERNS = {"tracker/checks.py": {"name"}}  # our own names of settings


def test_templates_are_files():
    for path, tree in serving().items():
        named = {name for name, _ in calls(tree)}
        assert not {each for each in named if re.search("[Ee]ngine.*from_string", each)}, path
        assert not re.search(r"from django\.template import .*\bTemplate\b", ast.unparse(tree)), (
            path
        )


def test_markup_is_made_where_each_part_is_escaped():
    marked = {path for path, tree in serving().items()
              if "mark_safe" in {name for name, _ in calls(tree)}}  # fmt: skip
    assert marked == {
        "tracker/admin/chart.py", "tracker/admin/chart_table.py", "tracker/admin/enrolment.py",
    }, "say why in the line, and type scripts into it (test_scripts.py)"  # fmt: skip
    for page in (ROOT / "tracker/templates").rglob("*"):
        if page.is_file():
            assert not re.search(r"\|\s*safe\b|autoescape off", page.read_text()), page


def test_dice_decide_nothing_that_must_not_be_guessed():
    thrown = {path for path, tree in serving().items() if "random" in imports(tree)}
    assert thrown == set(OF_DICE)


def test_old_hashes_are_used_where_another_prescribes_them():
    used = {path for path, tree in serving().items()
            if {name.rpartition(".")[2] for name, _ in calls(tree)} & {"md5", "sha1"}
            or re.search(r"hashlib\.(md5|sha1)", ast.unparse(tree))}  # fmt: skip
    assert used == set(OLD_HASHES)


def test_ciphers_are_authenticated_ones_of_one_library():
    for path, tree in serving().items():
        for name in imports(tree):
            assert name not in {"Crypto", "nacl", "Cryptodome", "jwt", "jose", "M2Crypto"}, path
        used = re.findall(r"\b(ECB|CBC|CTR|CFB|OFB|PKCS1v15|ARC4|TripleDES)\b", ast.unparse(tree))
        assert used == [], path


def test_nothing_is_uploaded():
    for path, tree in serving().items():
        text = ast.unparse(tree)
        assert not re.search(r"\.FILES\b|\b(File|Image)Field\b|MultiPartParser", text), path
    for page in (ROOT / "tracker/templates").rglob("*.html"):
        assert not re.search(r'type="file"|multipart/form-data', page.read_text()), page


# --- in the browser ---------------------------------------------------------------------------


@pytest.mark.parametrize("script", sorted((ROOT / "static").rglob("*.js")), ids=lambda p: p.name)
def test_no_script_makes_markup_or_runs_text(script):
    code = script.read_text()
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                 "new Function", "javascript:", "setAttribute(\"on", "createContextualFragment",
                 "__proto__", ".prototype", "document.cookie"):  # fmt: skip
        assert sink not in code, sink


def test_pages_hear_messages_of_their_own_worker_alone():
    """A window hears whoever opened or framed it; a worker's channel is of one origin."""
    heard = [
        f"{script.name}: {each}"
        for script in (ROOT / "static").rglob("*.js")
        for each in re.findall(r"(\S*)addEventListener\(\s*\"message\"", script.read_text())
    ]
    assert heard == ["messages.js: navigator.serviceWorker?."]
    for script in (ROOT / "static").rglob("*.js"):
        assert "onmessage" not in script.read_text(), script.name


def test_pages_need_nothing_but_html_styles_and_scripts():
    for page in (ROOT / "tracker/templates").rglob("*.html"):
        assert not re.search(r"<(object|embed|applet|iframe|frame)\b", page.read_text()), page


BASES = {
    "phone/base.html": "url 'sign-out'",
    "account/base.html": "url 'account_logout'",
    "admin/base_site.html": "url 'account_logout'",
}


def test_every_page_is_made_of_one_that_shows_the_way_out():
    templates = ROOT / "tracker/templates"
    for base, way_out in BASES.items():
        assert way_out in (templates / base).read_text(), base
    pages = [each for each in templates.rglob("*.html") if "parts" not in each.parts]
    assert len(pages) > 60
    for page in pages:
        name = str(page.relative_to(templates))
        above = re.search(r'{% extends "([^"]+)"', page.read_text())
        assert name in BASES or (above and above[1] in BASES), name
