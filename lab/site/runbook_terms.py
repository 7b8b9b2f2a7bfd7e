"""Keys of a site file for its runbook, and what a runbook wants of the others; no password is needed for it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field

from lab.site.exercise_terms import Day, Said
from lab.site.toml_table import Name, Positive, Table, Text, read_table, read_toml


class Runbook(Table):
    """Who answers for the runbook, and whom it says to call."""

    id: Said = Field(default="", description="the id of the document")
    revision: Said = Field(default="", description="the revision of the document")
    owner: Said = Field(default="", description="who answers for the document")
    approved_by: Said = Field(default="", description="who has approved the revision")
    approved_on: Day = Field(default="", description='a date, such as "2026-12-31"')
    review_on: Day = Field(default="", description='a date, such as "2026-12-31"')
    lead: Said = Field(default="", description="name and telephone number of the lead of the drill")
    hosts: Said = Field(default="", description="name and telephone number of the administrator of the hosts")
    garoon: Said = Field(default="", description="name and telephone number of the administrator of Garoon")


class _Part(Table):
    model_config = ConfigDict(extra="ignore")


class HostInRunbook(_Part):
    name: Name = Field(description="the name of the host")


class HostsInRunbook(_Part):
    master: HostInRunbook = Field(description="the name of the host")
    replica: HostInRunbook = Field(description="the name of the host")
    control: HostInRunbook | None = Field(default=None, description="the name of the host")


class GuestInRunbook(_Part):
    name: Name = Field(description="the name of Garoon's virtual machine as Hyper-V Manager shows it")


class ReplicationInRunbook(_Part):
    scenario: Name = Field(description="the name of the replication scenario")
    control_service: Literal["master", "replica", "control"] | None = Field(
        default=None, description='"master", "replica" or "control"'
    )
    profile: str = "arcserve_rha"


class GaroonInRunbook(_Part):
    url: Text = Field(description="the URL in use, such as http://cybozu.ca.com/scripts/cbgrn/grn.exe")


class ObjectivesInRunbook(_Part):
    rto_seconds: Positive | None = None
    rpo_seconds: Positive | None = None


class SiteInRunbook(_Part):
    """A site file as far as a runbook needs it."""

    name: Name = Field(description="a name for the site, as operators call it")
    hosts: HostsInRunbook = Field(description="the tables master and replica")
    guest: GuestInRunbook = Field(description="the name of Garoon's virtual machine")
    replication: ReplicationInRunbook = Field(description="the name of the scenario")
    garoon: GaroonInRunbook = Field(description="the URL in use")
    objectives: ObjectivesInRunbook = Field(default=ObjectivesInRunbook(), description="rto_seconds and rpo_seconds")
    runbook: Runbook = Field(default=Runbook(), description="id, revision, owner, approval, review and contacts")

    @property
    def control(self) -> str:
        """The host of the Control Service: the replica host, as the guide has it, where the file says nothing else."""
        hosts = self.hosts
        named = self.replication.control_service or ("replica" if hosts.control is None else "control")
        found = {"master": hosts.master, "replica": hosts.replica, "control": hosts.control}[named]
        return (found or hosts.replica).name


def read_site(path: Path) -> tuple[SiteInRunbook, bool]:
    """The site, and whether it is a simulated one. Raises SiteError."""
    tables = read_toml(path)
    return read_table(SiteInRunbook, path.name, tables), "simulation" in tables
