"""A `HostSession` that answers from a list, for drivers."""

from datetime import timedelta

from lab.model.scripts import ScriptResult


class ScriptedSession:
    """Answers each call with the next of `answers`; an exception among them is raised."""

    def __init__(self, *answers, host="MASTER"):
        self.host = host
        self.answers = list(answers)
        self.calls = []

    def run(self, call, *, within):
        self.calls.append((call, within))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return ScriptResult(value=answer, stray=(), took=timedelta(), round_trips=2)

    def allow_login_again(self):
        self.calls.append("allow login again")

    def close(self):
        pass
