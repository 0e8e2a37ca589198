"""What the pages say of the tree is true: links lead somewhere, named files are there, docs/threads.md
knows every lock and thread, the index of decisions every page.

Each test was seen to fail with a page that named something else.
"""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob(".github/**/*.md")]
SOURCES = [*ROOT.glob("src/**/*.[ch]")]
FOR_INSTANCE = {"provider/x.c", "store/x_store.[ch]", "sql/x.sql"}  # how a new file would be called
THREAD_NAME = re.compile(r'(?:thread_start|thread_try_start)\(\s*"([^"]+)"|workers_create\([^"\n]*"([^"]+)"')


def prose(page):
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)


def anchors(page):
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_between_pages_lead_somewhere():
    """A page that is linked is there, and so is the heading in it. On GitHub ../blob/main is the root."""
    missing = []
    for page in PAGES:
        for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose(page)):
            name, _, anchor = link.partition("#")
            at_root = name.removeprefix("../blob/main/")
            target = ROOT / at_root if at_root != name else page.parent / name if name else page
            if not target.exists() or (anchor and anchor not in anchors(target)):
                missing.append(f"{page.relative_to(ROOT)}: {link}")
    assert missing == []


def test_source_files_that_pages_name_are_there():
    rooms = {path.name for path in (ROOT / "src").iterdir() if path.is_dir()}
    missing, found = [], 0
    for page in PAGES:
        if page.name == "CHANGELOG.md":  # it tells of what was
            continue
        for name in re.findall(r"`(?:src/)?([a-z_]+/[a-z_/]+(?:\.\[?[ch]+\]?)?)`", prose(page)):
            if name.split("/")[0] not in rooms or name in FOR_INSTANCE:
                continue
            found += 1
            stem = re.sub(r"\.(\[ch\]|c|h)$", "", name)  # x_ stands for all of x_*
            like = f"{stem}*" if stem.endswith("_") else f"{stem}.[ch]"
            if not (ROOT / "src" / stem).exists() and not [*(ROOT / "src").glob(like)]:
                missing.append(f"{page.relative_to(ROOT)}: {name}")
    assert found > 100 and missing == []


def test_threads_page_knows_every_lock_and_thread():
    page = (ROOT / "docs/threads.md").read_text(encoding="utf-8")
    locks, names = [], set()
    for source in SOURCES:
        text, name = source.read_text(encoding="utf-8"), str(source.relative_to(ROOT / "src"))
        if re.search(r"^\s*(static )?pthread_(mutex|rwlock)_t \w+", text, re.M):
            locks.append(name)
        names.update(first or second for first, second in THREAD_NAME.findall(text))
    assert len(locks) > 20 and len(names) > 10
    assert [name for name in locks if f"`{name}`" not in page] == []
    assert sorted(name for name in names if f"`{name}`" not in page) == []


def test_index_of_decisions_has_every_page():
    folder = ROOT / "docs/decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = [page.name for page in folder.glob("*.md") if page.name != "README.md"]
    assert pages and [name for name in pages if f"({name})" not in index] == []
