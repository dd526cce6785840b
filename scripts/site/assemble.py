#!/usr/bin/env python3
"""Puts the site's sources together in build/site/source: README, docs, decks with pictures, interfaces.

    python3 scripts/site/assemble.py [--memspice build/memspice]

The tree is the project's own, so that links between files hold. Pages that the project does not have as files are the
gallery, a picture of each deck of netlists/, and the references of C++ and Python, made of their comments.
"""
import argparse
import concurrent.futures
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "build" / "site" / "source"
CHAPTERS = {
    "First steps": ["getting-started", "installing", "coming-from", "pictures", "python"],
    "Reference": ["netlist", "devices", "dialects", "generate", "file-formats", "convert", "library", "long-runs", "security",
                  "reliability"],
    "What is computed": ["numerics", "theory", "truth", "conformance", "performance"],
    "Inside": ["architecture", "adding-a-device", "adding-an-element", "adding-an-analysis"],
}
MODULES = ["circuits", "plots", "report", "sweeps", "simulations", "networks", "graphs", "reservoir", "pyspice", "errors"]


def copy(path):
    target = SOURCE / path
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / path, target)
    return target


def toctree(caption, names):
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *names, "```", ""])


def without_links_to_folders(page):
    """A folder is nothing that a site can show: its name stays."""
    def text_of(link):
        path = (page.parent / link.group(2)).resolve()
        return link.group(1) if path.is_dir() else link.group(0)
    return re.sub(r"\[([^\]]*)\]\(([^)#:]+)\)", text_of, page.read_text(encoding="utf-8"))


def pages_of_the_project():
    documents = sorted(p.relative_to(ROOT) for p in (ROOT / "docs").rglob("*") if p.is_file())
    listed = {f"docs/{name}.md" for names in CHAPTERS.values() for name in names}
    missing = {str(p) for p in documents if p.suffix == ".md"} ^ listed
    if missing:
        raise SystemExit(f"assemble.py: CHAPTERS and docs/ differ in {', '.join(sorted(missing))}")
    others = ["netlists/README.md", "tests/decks/conformance/README.md", "CHANGELOG.md", "LICENSE", "README.md",
              "CONTRIBUTING.md", "scripts/device_pictures.py"]
    sources = [*(ROOT / "tests" / "package").glob("*.cpp"), *(ROOT / "netlists").rglob("*.cir")]
    for path in [*documents, *others, *(s.relative_to(ROOT) for s in sources)]:
        if (ROOT / path).exists():
            copy(path)
    for folder in ("src/view", "tests/package", "netlists/devices"):
        (SOURCE / folder).mkdir(parents=True, exist_ok=True)
    for page in SOURCE.rglob("*.md"):
        page.write_text(without_links_to_folders(page), encoding="utf-8")


def comments_of(deck):
    """Title and the comments below it: what the deck shows."""
    lines = deck.read_text(encoding="utf-8").splitlines()
    text = []
    for line in lines[1:]:
        if not line.startswith("*"):
            break
        words = line[1:].strip()
        if words.startswith(("claim:", "ngspice:")):
            continue
        text.append(words)
    return lines[0], " ".join(text).strip()


def draw(memspice, deck):
    """The deck's waveforms as a picture beside it; nothing where it has none."""
    target = SOURCE / deck.relative_to(ROOT).with_suffix(".svg")
    raw = target.with_suffix(".raw")
    subprocess.run([memspice, deck, "-o", raw, "--print", raw.with_suffix(".txt"), "--threads", "1", "-q"], cwd=target.parent,
                   capture_output=True, check=False)
    if raw.exists():
        subprocess.run([memspice, "plot", raw, "-o", target], capture_output=True, check=False)
    for left in (raw, raw.with_suffix(".txt")):
        left.unlink(missing_ok=True)
    return target if target.exists() else None


def gallery(memspice):
    decks = sorted((ROOT / "netlists").rglob("*.cir"))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        pictures = list(pool.map(lambda deck: draw(memspice, deck), decks))
    out = ["# Gallery", "", "Every deck of netlists/, as it runs; each has claims in its head that a test checks "
           "([which](netlists/README.md)).", ""]
    room = None
    for deck, picture in zip(decks, pictures):
        if deck.parent.name != room:
            room = deck.parent.name
            out += [f"## {room.capitalize()}", ""]
        title, text = comments_of(deck)
        path = deck.relative_to(ROOT)
        out += [f"### {title}", "", text, "", f"[{path}]({path})", ""]
        if picture:
            out += [f"![{title}]({picture.relative_to(SOURCE)})", ""]
    (SOURCE / "gallery.md").write_text("\n".join(out), encoding="utf-8")


def references():
    headers = sorted(p.name for p in (ROOT / "include" / "memspice").glob("*.hpp"))
    out = ["# C++ interface", "", "The headers of `include/memspice`. [memspice as a library](docs/library.md) shows how to use them.", ""]
    for header in headers:
        out += [f"## memspice/{header}", "", f"```{{doxygenfile}} {header}", ":project: memspice", "```", ""]
    (SOURCE / "cpp.md").write_text("\n".join(out), encoding="utf-8")
    out = ["# Python interface", "", "[Python](docs/python.md) shows how to use it.", ""]
    for module in MODULES:
        out += [f"## memspice.{module}", "", "```{eval-rst}", f".. automodule:: memspice.{module}", "   :members:",
                "   :undoc-members:", "```", ""]
    (SOURCE / "python-interface.md").write_text("\n".join(out), encoding="utf-8")


def index():
    text = (SOURCE / "README.md").read_text(encoding="utf-8")
    (SOURCE / "README.md").unlink()
    trees = [toctree(caption, [f"docs/{name}" for name in names]) for caption, names in CHAPTERS.items()]
    notebooks = sorted(p.stem for p in (ROOT / "docs" / "notebooks").glob("*.ipynb"))
    trees.insert(1, toctree("Examples", ["gallery", "netlists/README", *(f"docs/notebooks/{name}" for name in notebooks)]))
    trees.append(toctree("Interfaces", ["python-interface", "cpp"]))
    trees.append(toctree("Project", ["CHANGELOG", "CONTRIBUTING", "tests/decks/conformance/README"]))
    (SOURCE / "index.md").write_text(text + "\n" + "\n".join(trees), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--memspice", type=pathlib.Path, default=ROOT / "build" / "memspice")
    memspice = parser.parse_args().memspice.resolve()
    shutil.rmtree(SOURCE, ignore_errors=True)
    SOURCE.mkdir(parents=True)
    pages_of_the_project()
    gallery(memspice)
    references()
    index()


if __name__ == "__main__":
    main()
