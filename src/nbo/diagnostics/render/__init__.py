"""How findings are shown, a format a file: text for a terminal, JSON for a program, GitHub annotations, SARIF."""

from nbo.diagnostics.render.github import render_github
from nbo.diagnostics.render.json import render_json, to_dict
from nbo.diagnostics.render.sarif import render_sarif
from nbo.diagnostics.render.text import render_text, snippet, summary

__all__ = ["render_github", "render_json", "render_sarif", "render_text", "snippet", "summary", "to_dict"]
