"""Drives a server with bench/load."""
import json
import subprocess
import sys

from running import BUILD


def load(server, path, bodies, connections, requests, *headers, method="POST",
         content_type="application/json"):
    """Every request must be answered with 2xx."""
    command = [BUILD / "bench/load", "--port", server.port, "--path", path, "--method", method,
               "--connections", connections, "--requests", requests,
               "--header", f"Authorization: Bearer {server.token}"]
    if bodies:
        command += ["--header", f"Content-Type: {content_type}"]
    for header in headers:
        command += ["--header", header]
    for body in bodies:
        command += ["--body", body]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300,
                          check=False)
    if done.returncode:
        sys.exit(f"bench: {path}: {done.stdout}{done.stderr}\n{server.said()[-2000:]}")
    return json.loads(done.stdout)


def scaled(count, scale):
    """count, made smaller or larger by the factor scale; at least 1."""
    return max(1, int(count * scale))


def write_bodies(folder, name, makers):
    files = []
    for number, body in enumerate(makers):
        files.append(folder / f"{name}{number}.json")
        files[-1].write_text(json.dumps(body))
    return files
