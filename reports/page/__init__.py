"""The report as readers see it: what each part says, and the file or folder it becomes."""
