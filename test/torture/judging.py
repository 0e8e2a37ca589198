"""What must hold of every mail, however often its server was killed: P1, P2, P4 of the HTTP
contract, and the table of states."""
import re
import subprocess

from running import BUILD, ROOT
from world import ALL, CAN_BE_ASKED

MOVE = re.compile(r"^    (\w+) --> (\w+): (\w+)$", re.MULTILINE)
ENDS = ("sent", "failed", "canceled", "unknown", "draft")
ASKED_FIRST = ("not_sent", "found", "retry", "cancel")


def moves():
    """The table of states, as docs/states.md has it (a golden test holds it to the program's)."""
    return {(before, event, after)
            for before, after, event in MOVE.findall((ROOT / "docs/states.md").read_text())}


def judge(world, uids=None):
    """Looks at all mails, or at these; gives how many ended how."""
    records, taken, legal = world.records(), world.taken(), moves()
    reached = world.reached()
    assert legal, "docs/states.md has no moves"
    strangers = set(taken) - set(records)
    assert not strangers, f"accepted by a provider, and not in the records: {strangers}"
    chosen = records if uids is None else {uid: records[uid] for uid in uids}
    for uid, record in chosen.items():
        events = world.events(uid)
        trail = [(event["from"], event["event"], event["to"]) for event in events]
        check_trail(record, trail, legal)
        check_taken(record, taken[uid], trail)
        check_recipients(record, reached[uid])
    check_audit(world)
    states = [record["status"] for record in chosen.values()]
    return {state: states.count(state) for state in sorted(set(states))}


def check_trail(record, trail, legal):
    """It is a path of the table, and leads to where the mail is."""
    assert trail, f"{record['uid']} is there, and no event of it"
    place = trail[0][0]
    for before, event, after in trail:
        assert before == place, f"{event} from {before} after a move to {place}: {trail}"
        assert (before, event, after) in legal or before == after, f"no such move: {trail}"
        place = after
    assert place == record["status"], f"{record['status']}, and the last step led to {place}"


def check_taken(record, taken, trail):
    status, steps = record["status"], [event for _, event, _ in trail]
    assert taken <= 1, f"accepted {taken} times: {steps}"
    assert status in ENDS, f"still {status}: {steps}"
    assert status != "sent" or taken == 1, f"sent, and never accepted: {steps}"
    given_up = steps[-2:] == ["lost", "cancel"]  # a person has: it may be out, and nobody sends it again
    assert status in ("sent", "unknown") or given_up or taken == 0, f"{status}, and accepted: {steps}"
    if status == "unknown":
        assert record["committed_at"], f"unknown, though it certainly never left: {steps}"
        assert record["provider"] not in CAN_BE_ASKED, \
            f"nobody asked, or in vain ({record['error']}): {steps}"
        assert record["error"], "unknown, and nothing says why"
    for before, after in zip(steps, steps[1:]):
        assert before != "lost" or after in ASKED_FIRST, f"sent again without asking: {steps}"


# How often each recipient may have got the mail, as its own status says.
TIMES = {"accepted": {1}, "refused": {0}, "delayed": {0}, "pending": {0}, "unknown": {0, 1}}


def check_recipients(record, reached):
    """What is said of each recipient is what its server knows."""
    strangers = set(reached) - {item["address"] for item in record["recipients"]} - {ALL}
    assert not strangers, f"sent to {strangers}: {record['recipients']}"
    for item in record["recipients"]:
        times = reached[ALL] + reached[item["address"]]
        assert times in TIMES[item["status"]] or record["status"] == "canceled", \
            f"{item['status']}, and accepted {times} times: {item}"


def check_audit(world):
    """The chain of the audit trail, once the program can verify it."""
    tool = [BUILD / "outtray", "--data", world.server.data]
    if "audit verify" not in subprocess.run([*tool, "--help"], capture_output=True, text=True,
                                            check=True).stdout:
        return
    done = subprocess.run([*tool, "audit", "verify"], capture_output=True, text=True, check=False,
                          env=world.server.environment)
    assert done.returncode == 0, done.stdout + done.stderr
