"""The preflight check of a whole site: what is asked, and what is judged of the answers. Nothing is changed."""
