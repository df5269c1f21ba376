"""Attachments: files at activities and companies, kept outside the web root."""
