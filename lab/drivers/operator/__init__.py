"""Operator mode: what Arcserve's manager does is done by people, who are asked through a desk."""
