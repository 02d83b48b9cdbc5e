"""Writes the tables of the documentation anew."""

from reference import documents, renewed

for page in documents():
    page.write_text(renewed(page.read_text()))
