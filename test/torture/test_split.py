"""P1, P2 for a mail that its server takes in several transactions: a server that is killed at each point of
such a send, and between any two transactions. Each recipient gets it once, or once at most where its
own transaction is in doubt; nobody else is. With OUTTRAY_TORTURE=1 at every passing of each point.

Each was seen to fail with its guard taken out:
- keep_recipients() in delivery/sender.c that says true and writes nothing: others were in doubt, too;
- commit_some() likewise: those in doubt were not.
"""
import pytest

from judging import judge
from test_points import IS_WHOLE, Case, run_case

TO = [f"r{number}@example.com" for number in range(5)]
AT_ONCE = 2
TRANSACTIONS = 3
# By point: how often one send passes it.
POINTS = {"recipients_before": 2 * TRANSACTIONS - 1, "recipients_after": 2 * TRANSACTIONS - 1,
          "smtp_envelope": TRANSACTIONS, "smtp_data": TRANSACTIONS, "smtp_dot_sent": TRANSACTIONS,
          "smtp_replied": TRANSACTIONS, "claimed": 1, "outcome_before": 1, "outcome_after": 1}
FAULTS = [f"{point}:{number}" for point, times in POINTS.items() for number in range(1, times + 1)]
# Around the second of three transactions, and at the end of all.
CHOSEN = ["recipients_after:1", "recipients_before:2", "recipients_after:2", "recipients_before:3",
          "recipients_after:3", "smtp_data:2", "smtp_dot_sent:2", "smtp_replied:2",
          "recipients_before:4", "recipients_after:4", "recipients_after:5", "outcome_before:1"]
PAIRS = [("recipients_before:3", "recipients_after:2"), ("smtp_data:2", "smtp_dot_sent:1"),
         ("smtp_dot_sent:1", "outcome_before:1")]
# After these a transaction is in doubt: it was noted as about to leave, and its end was not.
IN_DOUBT = {"recipients_after:1", "smtp_dot_sent:1", "smtp_replied:1", "recipients_before:2",
            "recipients_after:3", "smtp_dot_sent:2", "smtp_replied:2", "recipients_before:4",
            "recipients_after:5", "smtp_dot_sent:3", "smtp_replied:3", "outcome_before:1"}


class SplitCase(Case):
    def __init__(self, world, fault):
        super().__init__(world, "smtp", fault, to=TO)


@pytest.fixture
def world(start_world):
    return start_world("smtp", recipients_max=AT_ONCE)


def test_killed_at_every_point_of_a_split_send(world):
    for fault in FAULTS if IS_WHOLE else CHOSEN:
        case = SplitCase(world, fault)
        try:
            run_case(case, None)
        except AssertionError as failure:
            raise AssertionError(f"{fault}: {failure}") from failure
        record = world.record(case.uid)
        doubtful = [item["address"] for item in record["recipients"]
                    if item["status"] == "unknown"]
        assert record["status"] == ("unknown" if fault in IN_DOUBT else "sent"), fault
        assert bool(doubtful) == (fault in IN_DOUBT) and len(doubtful) <= AT_ONCE, fault
    print(dict(world.kills), judge(world))


def test_killed_twice(world):
    """Once more when the rest is sent."""
    for first, second in PAIRS:
        case = SplitCase(world, first)
        try:
            run_case(case, second)
        except AssertionError as failure:
            raise AssertionError(f"{first}, {second}: {failure}") from failure
    print(dict(world.kills), judge(world))
