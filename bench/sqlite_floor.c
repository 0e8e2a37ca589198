/* sqlite_floor.c - how fast SQLite alone can make the rows of a request durable on this disk.
 *
 *   sqlite_floor DATABASE TEMPLATE ROUNDS GROUP
 *
 * TEMPLATE holds, in tables of the same names, the rows that one request wrote, and in a table
 * `ids` the ids among their values. Each round writes these rows again into DATABASE under new
 * ids and with the next numbers, where numbers are unique; GROUP rounds share a commit. WAL and
 * synchronous=FULL, as the server has them. Prints JSON.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_ROWS = 16, MOST_COLUMNS = 64, MOST_IDS = 16, ID_SIZE = 36 };

enum counting {
    COUNTS_NOT,
    COUNTS_BY_ITSELF, /* INTEGER PRIMARY KEY: SQLite gives the next number */
    COUNTS_BY_ROUND,  /* a number in a unique index: one more in each round */
};

struct row {
    sqlite3_stmt *insert;
    int columns;
    sqlite3_value *values[MOST_COLUMNS];
    int id_of[MOST_COLUMNS]; /* place in ids, or -1 */
    enum counting counting[MOST_COLUMNS];
};

static struct row rows[MOST_ROWS];
static size_t row_count;
static char ids[MOST_IDS][ID_SIZE + 1], new_ids[MOST_IDS][ID_SIZE + 8];
static int id_count;

static void must(sqlite3 *db, int result)
{
    if (result == SQLITE_OK || result == SQLITE_ROW || result == SQLITE_DONE)
        return;
    fprintf(stderr, "sqlite_floor: %s\n", sqlite3_errmsg(db));
    exit(2);
}

static void run(sqlite3 *db, const char *sql)
{
    must(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    must(db, sqlite3_prepare_v2(db, sql, -1, &statement, NULL));
    return statement;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void read_ids(sqlite3 *template)
{
    sqlite3_stmt *select = prepare(template, "SELECT id FROM ids");
    while (sqlite3_step(select) == SQLITE_ROW && id_count < MOST_IDS)
        snprintf(ids[id_count++], sizeof *ids, "%s", (const char *)sqlite3_column_text(select, 0));
    sqlite3_finalize(select);
}

static int place_of_id(sqlite3_stmt *select, int column)
{
    const char *text = (const char *)sqlite3_column_text(select, column);
    for (int i = 0; text && i < id_count; i++)
        if (strcmp(text, ids[i]) == 0)
            return i;
    return -1;
}

/* Whether the query, of a table and one of its columns, has a row. */
static bool holds(sqlite3 *db, const char *sql, const char *table, const char *column)
{
    sqlite3_stmt *select = prepare(db, sql);
    sqlite3_bind_text(select, 1, table, -1, SQLITE_STATIC);
    sqlite3_bind_text(select, 2, column, -1, SQLITE_STATIC);
    bool is_row = sqlite3_step(select) == SQLITE_ROW;
    sqlite3_finalize(select);
    return is_row;
}

static enum counting counting_of(sqlite3 *db, const char *table, const char *column)
{
    static const char IS_ROW_ID[] = "SELECT 1 FROM pragma_table_info(?1)"
                                    " WHERE name = ?2 AND pk = 1 AND type = 'INTEGER'";
    static const char IS_UNIQUE_NUMBER[] =
        "SELECT 1 FROM pragma_table_info(?1) AS columns, pragma_index_list(?1) AS indexes,"
        " pragma_index_info(indexes.name) AS parts WHERE columns.name = ?2"
        " AND columns.type IN ('INTEGER', 'BIGINT') AND indexes.\"unique\" AND parts.name = ?2";
    if (holds(db, IS_ROW_ID, table, column))
        return COUNTS_BY_ITSELF;
    return holds(db, IS_UNIQUE_NUMBER, table, column) ? COUNTS_BY_ROUND : COUNTS_NOT;
}

static void read_row(sqlite3 *db, sqlite3_stmt *select, const char *table)
{
    struct row *row = &rows[row_count++];
    char sql[1024];
    row->columns = sqlite3_column_count(select);
    int size = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table);
    for (int i = 0; i < row->columns; i++) {
        row->values[i] = sqlite3_value_dup(sqlite3_column_value(select, i));
        row->id_of[i] = place_of_id(select, i);
        row->counting[i] = counting_of(db, table, sqlite3_column_name(select, i));
        size += i ? snprintf(sql + size, sizeof sql - (size_t)size, ",?") : 0;
    }
    snprintf(sql + size, sizeof sql - (size_t)size, ")");
    row->insert = prepare(db, sql);
}

static void read_template(sqlite3 *db, sqlite3 *template)
{
    sqlite3_stmt *tables = prepare(
        template, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'ids'");
    while (sqlite3_step(tables) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(tables, 0);
        char sql[256];
        snprintf(sql, sizeof sql, "SELECT * FROM %s", table);
        sqlite3_stmt *select = prepare(template, sql);
        while (sqlite3_step(select) == SQLITE_ROW && row_count < MOST_ROWS)
            read_row(db, select, table);
        sqlite3_finalize(select);
    }
    sqlite3_finalize(tables);
}

/* Ids that grow with time and differ in the rest, as UUIDv7 do. */
static void make_ids(uint64_t round)
{
    for (int i = 0; i < id_count; i++) {
        uint64_t mixed = (round * MOST_IDS + (uint64_t)i + 1) * 0x9E3779B97F4A7C15U;
        snprintf(new_ids[i], sizeof *new_ids, "%08x-%04x-7%03x-8%03x-%012llx",
                 (unsigned)(round >> 8), ((unsigned)(round & 0xFF) << 8 | (unsigned)i) & 0xFFFF,
                 (unsigned)(mixed >> 52), (unsigned)(mixed >> 40 & 0xFFF),
                 (unsigned long long)(mixed & 0xFFFFFFFFFFFFU));
    }
}

static void write_row(sqlite3 *db, const struct row *row, uint64_t round)
{
    for (int i = 0; i < row->columns; i++) {
        if (row->counting[i] == COUNTS_BY_ITSELF)
            sqlite3_bind_null(row->insert, i + 1);
        else if (row->counting[i] == COUNTS_BY_ROUND)
            sqlite3_bind_int64(row->insert, i + 1,
                               sqlite3_value_int64(row->values[i]) + (int64_t)round);
        else if (row->id_of[i] >= 0)
            sqlite3_bind_text(row->insert, i + 1, new_ids[row->id_of[i]], ID_SIZE, SQLITE_STATIC);
        else
            sqlite3_bind_value(row->insert, i + 1, row->values[i]);
    }
    must(db, sqlite3_step(row->insert));
    must(db, sqlite3_reset(row->insert));
}

static void write_rounds(sqlite3 *db, uint64_t first, uint64_t rounds, uint64_t group)
{
    for (uint64_t round = 0; round < rounds; round++) {
        if (round % group == 0)
            run(db, "BEGIN IMMEDIATE");
        make_ids(first + round);
        for (size_t i = 0; i < row_count; i++)
            write_row(db, &rows[i], first + round);
        if (round % group == group - 1 || round == rounds - 1)
            run(db, "COMMIT");
    }
}

int main(int count, char **arguments)
{
    sqlite3 *db = NULL, *template = NULL;
    if (count != 5 || sqlite3_open(arguments[1], &db) || sqlite3_open(arguments[2], &template)) {
        fprintf(stderr, "usage: sqlite_floor DATABASE TEMPLATE ROUNDS GROUP\n");
        return 2;
    }
    uint64_t rounds = strtoull(arguments[3], NULL, 10), group = strtoull(arguments[4], NULL, 10);
    run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;");
    read_ids(template);
    read_template(db, template);
    write_rounds(db, 0, rounds, group);
    run(db, "PRAGMA wal_checkpoint(RESTART)");
    double began = now();
    write_rounds(db, rounds, rounds, group);
    double seconds = now() - began;
    printf("{\"rounds\": %llu, \"rows\": %zu, \"seconds\": %.3f, \"per_second\": %.1f}\n",
           (unsigned long long)rounds, row_count, seconds, (double)rounds / seconds);
    return 0;
}
