"""What the chain of hashes costs a send, in processor time, beside all that the server spends."""
import json
import os
import subprocess

from loading import load, scaled, write_bodies
from served import Sink, served

SEND = "/api/email/send"
STEPS, MAILS, CONNECTIONS, WARM = 2000, 3000, 16, 300
TEXT = "The quick brown fox jumps over the lazy dog. " * 45


def processor_us(process):
    """Of all its threads so far."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1e6 / os.sysconf("SC_CLK_TCK")


def cost(table, folder, scale, program):
    """program: bench/chain, which writes the steps of mails with the chain and without it."""
    done = subprocess.run([program, folder / "chain.db", str(scaled(STEPS, scale))], check=True,
                          capture_output=True, text=True)
    steps = json.loads(done.stdout)
    count = scaled(MAILS, scale)
    with Sink() as sink, served(folder) as server:
        bodies = write_bodies(folder, "chain", [
            {"from_account_id": account, "to": ["client@example.com"], "subject": "Contract",
             "body_text": TEXT} for account in sink.connect_mailboxes(server)])
        load(server, SEND, bodies, CONNECTIONS, WARM)
        before = processor_us(server.process)
        load(server, SEND, bodies, CONNECTIONS, count)
        send = (processor_us(server.process) - before) / count
    table.add("a mail's three steps without the chain", steps["without_us"], "us")
    table.add("and with it", steps["with_us"], "us")
    table.add("the chain, of a whole send", steps["chain_us"], "us", send, "< 5 %")
