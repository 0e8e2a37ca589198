/* config.h - all settings of outtrayd, in one table (config.c).
 *
 * From DATA/outtray.conf, overruled by OUTTRAY_<NAME> in the environment, overruled by flags
 * (--name value). Whoever adds a setting adds a member here and a row there. */
#pragma once
#include <stdio.h>

#include "base/log.h"
#include "settings.h"

struct config {
    const char *data; /* the folder of everything */
    const char *listen;
    const char *public_url; /* never NULL: http:// + listen when nobody says */
    int64_t http_threads, http_workers, large_workers;
    int64_t connection_limit, connections_per_address;
    int64_t idle_timeout; /* seconds, as all times here */
    int64_t header_limit; /* bytes, as all sizes here */
    int64_t body_limit, attachment_limit, recipient_limit;
    int64_t send_wait, drain_timeout;
    int64_t give_up_after, delivery_threads, sends_per_mailbox;
    int64_t smtp_connect_timeout, smtp_reply_timeout;
    const char *smtp_hello_name; /* NULL: the host's name */
    const char *tls_ca_file;     /* NULL: the system's */
    bool allow_plain_smtp;
    enum log_level log_level;
    enum log_form log_format;
};

/* What the command line asks for instead of a server. */
struct config_wishes {
    bool help, version, show_config;
};

struct config_reading { /* stays where config_read found it: settings points into it */
    struct config config;
    struct config_wishes wishes;
    struct settings settings; /* for config_answer */
};

/* arguments: as main got them behind the program's name, ending with NULL. The error's message
 * is a sentence that names the setting and where it came from. */
bool config_read(char *const *arguments, struct arena *arena, struct config_reading *ret_reading,
                 struct error *error);

/* Prints what was asked for: the help, the version, or each setting with its value and where that
 * came from. False when nothing was: it is time to serve. */
bool config_answer(const struct config_reading *reading, FILE *out);

/* The same settings for a tool: no flags but the folder; NULL: what the environment says. */
bool config_read_for_tool(const char *data, struct arena *arena, struct config *ret_config,
                          struct error *error);
