/* log.h - one line an event, on standard error, as logfmt or as JSON.
 *
 * Only api/, delivery/, sync/ and main log; each failure once. Never a secret
 * and never a mail's content: ids, states, codes and server replies' codes. */
#pragma once
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };
enum log_form { LOG_LOGFMT, LOG_JSON };

struct log_pair {
    const char *key;
    const char *text; /* NULL: the number counts */
    int64_t number;
};

void log_setup(enum log_level least, enum log_form form);

/* pairs end with {0}. */
void log_line(enum log_level level, const char *event, const struct log_pair *pairs);

static inline const char *log_text(const char *text)
{
    return text ? text : "";
}

#define LOG_TEXT(k, v) ((struct log_pair){.key = (k), .text = log_text(v)})
#define LOG_NUMBER(k, v) ((struct log_pair){.key = (k), .number = (v)})
#define LOG(level, event, ...) \
    log_line((level), (event), (const struct log_pair[]){__VA_ARGS__ __VA_OPT__(, ){0}})
