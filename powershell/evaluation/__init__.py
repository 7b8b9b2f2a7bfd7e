"""The evaluator: statements, expressions, pipelines and functions over the syntax tree."""
