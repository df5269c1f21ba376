"""`veriga insight`: the figures as they are stored, or computed on the spot."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone, translation

from veriga.access.queries import list_teams
from veriga.access.rules import system
from veriga.config.checkpoint import checkpointing
from veriga.config.commands.worker import when_left_alone
from veriga.config.database import require_current_database
from veriga.config.errors import UsageError
from veriga.config.telling import lines_of
from veriga.insight.queries.links import get_link_report, plain_links
from veriga.insight.queries.results import (
    Stored,
    StoredChain,
    get_result,
    list_chains,
    plain,
)
from veriga.insight.rules.words import ReportKind
from veriga.web.insight.learnt import learnt_sentences

FAILED = 1
NICE = 10
LINGER_S = 30.0  # how long the log is kept for further questions


def run(given: argparse.Namespace) -> int:
    require_current_database()
    if given.report == "compute":
        return _compute(quiet=_is_child(given), afresh=given.fresh)
    if given.report == "answer":
        return _answer(linger_s=LINGER_S if _is_child(given) else 0)
    if given.report == "links":
        return _links(afresh=given.fresh, as_json=given.json)
    actor = system("insight")
    kind = ReportKind(given.report)
    team_id = _team_id(given.team) if given.team else None
    found = get_result(actor, kind, team_id)
    if given.fresh or not (found.is_there or found.error):
        _compute(quiet=True, afresh=given.fresh)
        found = get_result(actor, kind, team_id)
    if found.computed_at is None:
        raise UsageError("Another process is computing at the moment; ask again later.")
    chains = list_chains(actor, kind, team_id)
    if given.json:
        print(json.dumps(plain(found, chains), ensure_ascii=False, indent=1))
    else:
        _tell(found, chains)
    return FAILED if found.error else 0


def _links(*, afresh: bool, as_json: bool) -> int:
    """Tell how suggestions of links are ordered; they have no teams."""
    actor = system("insight")
    if afresh or get_link_report(actor) is None:
        _learn()
    found = get_link_report(actor)
    if as_json:
        print(json.dumps(plain_links(found), ensure_ascii=False, indent=1))
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        for sentence in learnt_sentences(found):
            print(sentence)
    return 0


def _learn() -> None:
    # Before NumPy is loaded: beside a busy server its threads wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from veriga.insight.services.learning import learn_links

    os.nice(NICE)
    learn_links(timezone.now())


def _is_child(given: argparse.Namespace) -> bool:
    """Tell whether the worker has started us; then end when it does."""
    if given.with_worker:
        when_left_alone(lambda: os._exit(FAILED))
        # So that what was claimed is given up again.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(FAILED))
    return bool(given.with_worker)


def _tell(found: Stored, chains: Sequence[StoredChain]) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        for line in lines_of(found, chains):
            print(line)


def _compute(*, quiet: bool, afresh: bool) -> int:
    # Before NumPy is loaded: beside a busy server its threads wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from veriga.insight.services.computing import compute

    # Whoever serves pages goes first.
    os.nice(NICE)
    with checkpointing():
        done = compute(timezone.now(), afresh=afresh)
    if done is None:
        if not quiet:
            print("Another process is computing at the moment.")
        return 0
    if not quiet:
        print(
            f"{done.activities:,} activities, {done.populations} computed,"
            f" {done.kept} kept, {done.seconds:.1f} s"
        )
        for error in done.errors:
            print(error)
    return FAILED if done.errors else 0


def _answer(*, linger_s: float) -> int:
    """Answer what pages ask; below a worker wait a while for what comes next."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from veriga.insight.services.answering import keep_answering

    # At the priority of pages: somebody waits for it.
    keep_answering(linger_s)
    return 0


def _team_id(name: str) -> int:
    """Return the team of this name, or id."""
    teams = list_teams(system("insight"))
    for team in teams:
        if name == str(team.pk) or name.casefold() == team.name.casefold():
            return team.pk
    raise UsageError(f"There is no team {name}.")
