#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "cli/cli.h"
#include "net/smtp.h"
#include "net/trust.h"
#include "store/identity_store.h"
#include "json/json.h"

static const struct field NO_FIELDS[] = {{0}};
const struct schema NO_OPTIONS = {.name = "no options", .size = 1, .fields = NO_FIELDS};
struct everywhere { /* options that every command takes */
    const char *data;
    bool json, help, version;
};
static const struct field EVERYWHERE[] = {
    FIELD(struct everywhere, data, .about = "the data folder [OUTTRAY_DATA, else ./var]"),
    FIELD(struct everywhere, json, .about = "print JSON, one object a line"),
    FIELD(struct everywhere, help, .about = "say what there is"),
    FIELD(struct everywhere, version, .about = "print the version"),
    {0},
};

bool cli_find_user(struct cli *cli, const char *email, struct user *ret_user, struct error *error)
{
    AUTO_READING session = db_read(cli->db);
    if (identity_store_find_user_by_email(session, email, cli->arena, ret_user, error))
        return true;
    if (error->code == ERROR_NOT_FOUND)
        fail(error, ERROR_NOT_FOUND, "", "there is no user %s; outtray user list shows all", email);
    return false;
}

struct administration cli_act(enum administration_event event, const char *organization_id,
                              const char *subject_id)
{
    return (struct administration){
        .event = event,
        .organization_id = organization_id,
        .subject_id = subject_id,
        .actor = "operator",
        .at = clock_now(),
    };
}

struct db *cli_open_database(const char *path, struct error *error)
{
    static const struct db_codec CODEC = {json_write_list, json_read_list};
    return db_open(path, &CODEC, error);
}

const char *cli_word(const struct cli *cli, size_t number)
{
    return ((const char *const *)cli->words.items)[number];
}

bool cli_read_id(struct cli *cli, const char *text, const char **ret_id, struct error *error)
{
    *ret_id = id_read(text, cli->arena);
    return *ret_id || fail(error, ERROR_NOT_FOUND, "", "%s is not an id", text);
}

static void print_commands(FILE *out, const char *start)
{
    for (const struct command *command = COMMANDS; command->name; command++)
        if (text_starts(command->name, start))
            fprintf(out, "  %-20s %s\n", command->name, command->summary);
}

static void print_help(FILE *out)
{
    fputs("outtray - works on the data of an outtrayd, while it runs or not\n\n"
          "usage: outtray [--data DIR] COMMAND [OPTION]...\n\n",
          out);
    print_commands(out, "");
    fputs("\nWith every command:\n\n", out);
    options_print(EVERYWHERE, out);
    fputs("\nSettings of the server (DIR/outtray.conf, OUTTRAY_* variables) hold here too:\n"
          "tls_ca_file, allow_plain_smtp and the limits.\n"
          "\nExit status: 0 done, 1 failed, 2 not understood, 3 not found, 75 try later.\n",
          out);
}

static void print_command_help(const struct command *command, FILE *out)
{
    fprintf(out, "outtray %s - %s\n\nusage: outtray %s %s\n\n", command->name, command->summary,
            command->name, command->usage);
    options_print(command->options->fields, out);
    options_print(EVERYWHERE, out);
    if (command->more)
        fprintf(out, "\n%s\n", command->more);
}

static enum exit_status status_of(enum error_code code)
{
    switch (code) {
    case ERROR_INVALID: return EXIT_USAGE;
    case ERROR_NOT_FOUND: return EXIT_NOT_FOUND;
    case ERROR_UNAVAILABLE:
    case ERROR_TOO_MANY: return EXIT_LATER;
    default: return EXIT_FAILED;
    }
}

/* How many arguments name the command; 0: they do not. */
static size_t name_length(const struct command *command, char *const *arguments)
{
    const char *rest = command->name;
    for (size_t count = 0; arguments[count]; count++) {
        size_t size = strlen(arguments[count]);
        if (strncmp(rest, arguments[count], size) != 0 || (rest[size] && rest[size] != ' '))
            return 0;
        if (!rest[size])
            return count + 1;
        rest += size + 1;
    }
    return 0;
}

static const struct command *find_command(char *const *arguments, size_t *ret_length)
{
    for (const struct command *command = COMMANDS; command->name; command++) {
        *ret_length = name_length(command, arguments);
        if (*ret_length)
            return command;
    }
    return NULL;
}

/* Reads options up to the first word, or to the end and gathers the words. */
static bool read_options(struct options *options, bool to_the_end, struct cli *cli,
                         struct error *error)
{
    struct option option;
    const char **words = NULL;
    while (options_next(options, cli->arena, &option, error)) {
        if (!option.text)
            return true;
        if (option.field) {
            if (!option_read(&option, cli->arena, error))
                return false;
        } else if (!to_the_end) {
            options->next--;
            return true;
        } else {
            const char **longer = arena_new(cli->arena, const char *, cli->words.count + 1);
            if (words)
                memcpy(longer, words, cli->words.count * sizeof *words);
            longer[cli->words.count] = option.text;
            cli->words = (struct list){words = longer, cli->words.count + 1};
        }
    }
    return false;
}

static bool open_data(struct cli *cli, const struct command *command, const char *data,
                      struct error *error)
{
    if (!config_read_for_tool(data, cli->arena, &cli->config, error))
        return false;
    if (cli->config.tls_ca_file_alone)
        trust_ca_file_alone();
    cli->paths = data_folder_paths(cli->config.data, cli->arena);
    if (command->opens_nothing)
        return true;
    if (!data_folder_open(cli->config.data, command->makes_folder, cli->arena, &cli->paths, error))
        return false;
    cli->db = cli_open_database(cli->paths.database, error);
    return cli->db;
}

static bool run_command(struct cli *cli, const struct command *command, struct options *options,
                        struct everywhere *everywhere, struct error *error)
{
    void *object = arena_alloc(cli->arena, command->options->size);
    const struct option_table tables[] = {
        {command->options->fields, object}, {EVERYWHERE, everywhere}, {0}};
    options->tables = tables;
    typed_preset(command->options->fields, cli->arena, object);
    if (!read_options(options, true, cli, error))
        return false;
    if (everywhere->help) {
        print_command_help(command, stdout);
        return true;
    }
    if (!options_check(command->options->fields, object, cli->arena, error))
        return false;
    size_t more = cli->words.count - command->words;
    if (cli->words.count < command->words || more > command->more_words)
        return fail(error, ERROR_INVALID, "", "usage: outtray %s %s", command->name,
                    command->usage);
    cli->json = everywhere->json;
    bool is_done = (more || open_data(cli, command, everywhere->data, error)) &&
                   command->run(cli, object, error);
    db_close(cli->db);
    return is_done;
}

static enum exit_status say_unknown(const char *word)
{
    const char *start = text_or(word, "");
    bool is_begun = false;
    for (const struct command *command = COMMANDS; command->name; command++)
        is_begun |= text_starts(command->name, start);
    if (word)
        fprintf(stderr, "outtray: there is no command \"%s\"%s\n", word,
                is_begun ? " alone; there are" : "; outtray --help lists all");
    if (word && is_begun)
        print_commands(stderr, start);
    else if (!word)
        print_help(stderr);
    return EXIT_USAGE;
}

static enum exit_status run(struct cli *cli, char *const *arguments)
{
    struct everywhere everywhere = {0};
    const struct option_table tables[] = {{EVERYWHERE, &everywhere}, {0}};
    struct options options = {.arguments = arguments, .tables = tables};
    struct error error;
    bool is_done = read_options(&options, false, cli, &error);
    size_t length = 0;
    const struct command *command = is_done ? find_command(arguments + options.next, &length)
                                            : NULL;
    if (is_done && everywhere.version) {
        puts("outtray " OUTTRAY_VERSION);
        return EXIT_OK;
    }
    if (is_done && !command && everywhere.help) {
        print_help(stdout);
        return EXIT_OK;
    }
    if (is_done && !command)
        return say_unknown(arguments[options.next]);
    options.next += length;
    if (is_done && run_command(cli, command, &options, &everywhere, &error))
        return cli->status;
    fprintf(stderr, "outtray: %s%s%s\n", error.field, *error.field ? ": " : "", error.message);
    return status_of(error.code);
}

int main(int argument_count, char **arguments)
{
    (void)argument_count;
    secret_start();
    net_start();
    AUTO_ARENA arena = arena_create();
    struct cli cli = {.arena = arena};
    enum exit_status status = run(&cli, arguments + 1);
    secret_end();
    if (fflush(stdout) != 0 && status == EXIT_OK) {
        perror("outtray: standard output");
        status = EXIT_FAILED;
    }
    return (int)status;
}
