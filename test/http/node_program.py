"""Where the tests find Node.js, and the programs of npm that they run with it.

Debian 12 has Node.js 18, which is too old for two of these programs (emulate needs the global
`crypto` of version 20; redocly asks for 22.12). npm has newer ones as packages, one for each
processor; package.json pins one, and npm installs the one that runs on this machine."""
import pathlib

NODE_FOLDER = pathlib.Path(__file__).resolve().parent / "node"


def node_program():
    """The path of Node.js."""
    programs = sorted((NODE_FOLDER / "node_modules").glob("node-linux-*/bin/node"))
    assert programs, "there is no Node.js in test/http/node; run scripts/setup.sh test"
    return programs[0]
