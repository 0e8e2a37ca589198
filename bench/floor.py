"""What SQLite alone makes of the same rows: the limit that writes are held against."""
import json
import sqlite3
import subprocess

TABLES = ("conversations", "emails", "email_bodies", "events")


class Floor:
    """Watches which rows one request writes, and then has them written again without a server."""

    def __init__(self, server, program, folder, request):
        self.program, self.folder = program, folder
        self.template, self.schema = folder / "template.db", folder / "schema.sql"
        path = server.data / "outtray.db"
        before = self._last_rows(path)
        request()
        self._keep_rows(path, before)
        with sqlite3.connect(path) as db:
            statements = [sql for (sql,) in db.execute(
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
                " ORDER BY type DESC")]
        self.schema.write_text(";\n".join(statements) + ";\n")

    @staticmethod
    def _last_rows(path):
        with sqlite3.connect(path) as db:
            return {table: db.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0]
                    for table in TABLES}

    def _keep_rows(self, path, before):
        ids = set()
        with sqlite3.connect(self.template) as db:
            db.execute("ATTACH ? AS source", (str(path),))
            for table in TABLES:
                # What a mail does later, on its way out, is not what the request wrote.
                one_event = "ORDER BY rowid LIMIT 1" if table == "events" else ""
                db.execute(f"CREATE TABLE {table} AS SELECT * FROM source.{table}"
                           f" WHERE rowid > {before[table]} {one_event}")
                columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
                for column in {"id", "email_id"} & set(columns):
                    ids |= {value for (value,) in db.execute(f"SELECT {column} FROM {table}")}
            db.execute("CREATE TABLE ids (id TEXT)")
            db.executemany("INSERT INTO ids VALUES (?)", [(value,) for value in sorted(ids)])

    def run(self, rounds, group):
        """How many times a second, `group` of them sharing a commit."""
        path = self.folder / "floor.db"
        db = sqlite3.connect(path)
        db.executescript(self.schema.read_text())
        db.close()
        done = subprocess.run([self.program, path, self.template, str(rounds), str(group)],
                              check=True, capture_output=True, text=True, timeout=300)
        for suffix in "", "-wal", "-shm":
            (self.folder / f"floor.db{suffix}").unlink(missing_ok=True)
        return json.loads(done.stdout)["per_second"]
