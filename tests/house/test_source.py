"""The rules of the house that can be read off its source."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CODE = sorted(path for path in (ROOT / "caucusmail").rglob("*.py") if "translations" not in path.parts)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
OURS = [*CODE, *TESTS, *sorted(ROOT.glob("*.py")), *sorted((ROOT / "deploy").rglob("*.py"))]
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())

Function = ast.FunctionDef | ast.AsyncFunctionDef

LONG_FILES: dict[str, int] = {}
"""Longer than 300 lines, with their limit. The list may only shrink."""


LONG_FUNCTIONS: dict[str, int] = {}
"""Longer than their kind may be, with their limit. The list may only shrink."""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def length(node: Function) -> int:
    """Lines of a function without decorators, docstring and blank lines do not count against it."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def is_view(node: Function) -> bool:
    return any("guards." in ast.unparse(one) for one in node.decorator_list)


def test_a_function_that_can_wait_counts_as_a_function(tmp_path: Path):
    source = tmp_path / "waits.py"
    source.write_text("async def waits():\n    import os\n")
    assert [node.name for node in functions(source)] == ["waits"]


def test_three_functions_commit_and_no_other():
    found = [
        (short(path), ast.unparse(node))
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert sorted(found) == [
        ("caucusmail/database.py", "db.session.commit()"),
        ("caucusmail/database.py", "session.commit()"),
        ("caucusmail/delivery/units.py", "self.connection.commit()"),  # the marks of letters under way: decision 0017
    ]


def test_nothing_is_imported_inside_a_function():
    found = [
        f"{short(path)}:{node.lineno}"
        for path in CODE
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def test_only_libraries_that_workers_of_bulk_never_use_are_read_late():
    late = {
        node.args[0].value
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "import_module"
        and short(path).startswith("caucusmail/")
    }
    assert late <= {
        "PIL.Image",
        "PIL.WebPImagePlugin",
        "argon2",
        "argon2.exceptions",
        "css_inline",
        "flufl.bounce",
        "markdown_it",
        "markdown_it.token",
        "nh3",
    }


def test_no_file_is_longer_than_three_hundred_lines():
    lengths = {short(path): len(path.read_text().splitlines()) for path in CODE}
    assert {name: lines for name, lines in lengths.items() if lines > LONG_FILES.get(name, 300)} == {}


def test_the_list_of_long_files_holds_only_long_files():
    for name in LONG_FILES:
        assert len((ROOT / name).read_text().splitlines()) > 300, f"{name} has shrunk: take it off the list"


def test_no_function_is_longer_than_forty_lines_and_no_view_than_fifteen():
    found = [
        f"{short(path)}:{node.lineno} {node.name} has {length(node)} lines"
        for path in CODE
        for node in functions(path)
        if length(node) > LONG_FUNCTIONS.get(f"{short(path)}:{node.name}", 15 if is_view(node) else 40)
    ]
    assert found == []


def public_classes(path: Path) -> Iterator[ast.ClassDef]:
    return (node for node in tree(path).body if isinstance(node, ast.ClassDef) and not node.name.startswith("_"))


def test_every_public_name_says_what_it_is():
    kinds = Function | ast.ClassDef
    found = []
    for path in CODE:
        if not ast.get_docstring(tree(path)):
            found.append(short(path))
        for scope in [tree(path), *public_classes(path)]:
            found += [
                f"{short(path)}:{node.lineno} {node.name}"
                for node in scope.body
                if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node)
            ]
    assert found == []


def comments(path: Path) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def test_every_exception_from_a_rule_has_its_reason():
    reasons = re.compile(r"# noqa: [A-Z0-9, ]+ - \S|# type: ignore\[[a-z, -]+\]  # \S")
    found = [
        f"{short(path)}:{line} {text}"
        for path in OURS
        for line, text in comments(path)
        if ("noqa" in text or "type: ignore" in text) and not reasons.search(text)
    ]
    assert found == []


def test_nobody_leaves_a_note_to_himself():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    found = [f"{short(path)}:{line} {text}" for path in CODE for line, text in comments(path) if marks.search(text)]
    assert found == []


def test_no_template_calls_anything_safe():
    found = [short(path) for path in TEMPLATES if re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text())]
    assert found == []


def test_no_template_loads_anything_from_another_host():
    loads = re.compile(
        r"<(?:script|img|iframe|link|source|video|audio)[^>]+(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE
    )
    assert [short(path) for path in TEMPLATES if loads.search(path.read_text())] == []


def test_every_template_is_used():
    told = "\n".join(path.read_text() for path in [*CODE, *TEMPLATES])
    made = [re.sub(r"\{[^}]*\}", "[a-z_]+", name) for name in re.findall(r'f"([a-z_/{}]+\.(?:html|txt))"', told)]
    unused = []
    for path in TEMPLATES:
        name = path.relative_to(ROOT / "templates").as_posix()
        package, _, letter = name.partition("/mail/")
        letter = letter.rpartition(".")[0]
        called = [f'"{name}"', f"'{name}'"]
        if letter:  # a letter goes by "package/name", or by its name through a helper of its package
            called += [f'"{package}/{letter}"', f'"{letter}"']
        if not any(one in told for one in called) and not any(re.fullmatch(one, name) for one in made):
            unused.append(name)
    assert unused == []


def test_the_present_has_one_reader():
    found = [
        f"{short(path)}:{node.lineno}"
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("datetime.now", "datetime.utcnow", "date.today", "datetime.datetime.now")
        and short(path) != "caucusmail/clock.py"
    ]
    assert found == []
