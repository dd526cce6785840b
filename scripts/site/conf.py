"""Sphinx's settings for the site that scripts/site.sh builds; the sources are what assemble.py has put together."""
import logging
import pathlib
import re

from pygments.lexers.special import TextLexer

ROOT = pathlib.Path(__file__).resolve().parents[2]

project = "memspice"
release = re.search(r"project\(memspice VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
copyright = "the memspice authors"
extensions = ["myst_nb", "breathe", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["**/.ipynb_checkpoints"]

myst_heading_anchors = 4
myst_enable_extensions = ["dollarmath"]
nb_execution_mode = "force"  # pictures of notebooks are made here, not committed
nb_execution_timeout = 300
nb_execution_raise_on_error = True

breathe_projects = {"memspice": str(ROOT / "build" / "site" / "doxygen" / "xml")}
breathe_default_project = "memspice"
breathe_domain_by_extension = {"hpp": "cpp"}

napoleon_google_docstring = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
copybutton_prompt_text = r"\$ "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = False

html_theme = "furo"
html_title = f"memspice {release}"
html_static_path = ["static"]
html_css_files = ["memspice.css"]
highlight_language = "none"
# Decks have no lexer; what breathe cannot name twice or find is C++ that is not part of the interface.
suppress_warnings = ["misc.highlighting_failure", "ref.duplicate", "duplicate_declaration.cpp", "mystnb.unknown_mime_type"]


def setup(app):
    """Decks have no lexer of their own (Pygments' spice is another language).
    breathe hands requires-expressions in initialisers to a parser that does not know them; it shows them all the same."""
    app.add_lexer("spice", TextLexer)
    for handler in logging.getLogger("sphinx").handlers:
        handler.filters.insert(0, lambda record: "Parsing of expression failed" not in record.getMessage())
