"""Garoon visited: over HTTP and SOAP (`http`), and in a browser as a user does (`browser`)."""
