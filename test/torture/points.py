"""Every fault point of src/base/fault.c, and which sends pass it how often."""
import re

from running import ROOT

# Points that every send passes, and how often. The commits: of the call, its answer, the claim, the
# note, the outcome, and what the provider gives; two may be one, as whoever comes at the same time
# shares a commit.
COMMITS = ("commit_before", "commit_after")
EVERY_SEND = {"commit_before": 7, "commit_after": 7, "claimed": 1, "loaded": 1, "composed": 1,
              "note_before": 1, "note_after": 1, "outcome_before": 1, "outcome_after": 1}
# Of each request: its begin, its last piece, its end. Gmail: token, profile, drafts.create,
# drafts.send, messages.get. Outlook: token, messages.create, .update, .send, .get.
FIVE_REQUESTS = {"http_begin": 5, "http_whole": 5, "http_replied": 5}
SENDING_REQUEST = 4
HANDLE = {"handle_before": 1, "handle_after": 1}

PASSINGS = {
    "sandbox": {**EVERY_SEND, "received": 1, "blob_named": 1, "sandbox_written": 1,
                "sandbox_renamed": 1},
    "smtp": {**EVERY_SEND, "smtp_connected": 1, "smtp_envelope": 1, "smtp_data": 1,
             "smtp_dot_sent": 1, "smtp_replied": 1},
    "gmail": {**EVERY_SEND, **HANDLE, **FIVE_REQUESTS},
    "outlook": {**EVERY_SEND, **HANDLE, **FIVE_REQUESTS, "token_given": 1,
                "token_kept": 1},
}
# Passed by what happens after a first death, at this fault.
RECOVERIES = {
    "sandbox": {"claimed:1": ["probe_before:1", "probe_after:1", "probe_noted:1"]},
    "smtp": {"smtp_data:1": ["probe_before:1", "probe_after:1", "probe_noted:1"]},
    "gmail": {"handle_after:1": ["probe_before:1", "probe_noted:1", "http_whole:2"],
              "http_replied:4": ["probe_before:1", "probe_after:1", "probe_noted:1",
                                 "http_replied:2"]},
    "outlook": {"handle_after:1": ["probe_before:1", "probe_noted:1", "http_whole:2"],
                "http_replied:4": ["probe_before:1", "probe_after:1", "probe_noted:1",
                                   "http_replied:2"]},
}
PLANNED = ["planned_due:1"]
# Of a reader that reads mail (test_parser.py); the first of them is tried by itself.
PARSING = ["parser_asked", "parser_part", "parser_item", "parser_data", "parser_html", "parser_done",
           "parser_half", "parser_answered"]
BIRTH = "parser_born"
# No send passes them: test/http/test_key_rotation.py is about them.
OF_THE_KEY = ["key_linked:1", "key_replaced:1", "sealed_anew:1"]
# Passed where a server takes a mail in several transactions: test_split.py.
OF_SPLIT_MAIL = ["recipients_before:1", "recipients_after:1"]
# Where nobody can be asked: what a death after the note and before the outcome leaves in doubt.
IN_DOUBT = {"note_after:1", "received:1", "sandbox_renamed:1", "smtp_dot_sent:1", "smtp_replied:1",
            "outcome_before:1"}


def may_be_missed(fault):
    return fault.startswith(COMMITS)


def is_chosen(kind, point, number):
    """Without the requests that do not send, and commits that another provider has as well."""
    if point in FIVE_REQUESTS:
        return number == SENDING_REQUEST
    return point not in COMMITS or kind in ("sandbox", "outlook")


def faults_of(kind, is_whole):
    return [f"{point}:{number}" for point, passings in PASSINGS[kind].items()
            for number in range(1, passings + 1) if is_whole or is_chosen(kind, point, number)]


def pairs_of(kind):
    return [(first, second) for first, others in RECOVERIES[kind].items() for second in others]


def all_points():
    """What the program calls them."""
    text = (ROOT / "src/base/fault.c").read_text()
    return set(re.findall(r'\[FAULT_\w+\] = "(\w+)"', text))


def all_tried():
    tried = {fault for faults in PASSINGS.values() for fault in faults}
    pairs = {fault for kind in RECOVERIES for pair in pairs_of(kind) for fault in pair}
    return tried | {fault.partition(":")[0] for fault in [*pairs, *PLANNED, *PARSING, BIRTH,
                                                         *OF_THE_KEY, *OF_SPLIT_MAIL]}
