#include "provider/sent_folder.h"

#include <string.h>

#include "base/text.h"
#include "net/imap.h"

/* Where a server does not say which folder has the sent mail: the last part of its name, in
 * modified UTF-7. */
static const char *const USUAL_NAMES[] = {
    "Sent",
    "Sent Items",
    "Sent Messages",
    "Sent Mail",
    "Gesendet",
    "Gesendete Elemente",
    "Gesendete Objekte",
    "&AMk-l&AOk-ments envoy&AOk-s",
    "Messages envoy&AOk-s",
    "Envoy&AOk-s",
    "Enviados",
    "Elementos enviados",
    "Itens enviados",
    "Posta inviata",
    "Inviata",
    "Verzonden",
    "Verzonden items",
};

static bool is_usual(const struct imap_folder *folder)
{
    const char *last = folder->delimiter ? strrchr(folder->name, folder->delimiter) : NULL;
    for (size_t i = 0; i < sizeof USUAL_NAMES / sizeof *USUAL_NAMES; i++)
        if (text_equal_nocase(last ? last + 1 : folder->name, USUAL_NAMES[i]))
            return true;
    return false;
}

size_t sent_folder_choose(struct list folders, const char *ret_names[SENT_FOLDERS_MOST])
{
    const struct imap_folder *items = folders.items;
    size_t count = 0;
    for (int by_name = 0; by_name < 2 && !count; by_name++)
        for (size_t i = 0; i < folders.count && count < SENT_FOLDERS_MOST; i++)
            if (by_name ? is_usual(&items[i]) : items[i].is_sent)
                ret_names[count++] = items[i].name;
    return count;
}
