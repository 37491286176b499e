"""Pages of the shop's rules (Markdown, HTML, DOCX, PDF) to Markdown text that search can cut at its headings."""
