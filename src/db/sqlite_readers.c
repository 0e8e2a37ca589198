#include "db/sqlite_readers.h"

#include <assert.h>

void sqlite_readers_init(struct sqlite_readers *readers, struct sqlite_file *file,
                         const struct db_codec *codec)
{
    *readers = (struct sqlite_readers){.file = file, .codec = codec};
    pthread_mutex_init(&readers->lock, NULL);
    pthread_cond_init(&readers->returned, NULL);
}

void sqlite_readers_finish(struct sqlite_readers *readers)
{
    for (struct session *session = readers->idle, *next; session; session = next) {
        next = session->next;
        session_destroy(session);
        readers->made--;
    }
    assert(readers->made == 0);
    pthread_cond_destroy(&readers->returned);
    pthread_mutex_destroy(&readers->lock);
}

struct session *sqlite_readers_take(struct sqlite_readers *readers)
{
    pthread_mutex_lock(&readers->lock);
    while (!readers->idle && readers->made == READERS_MOST)
        pthread_cond_wait(&readers->returned, &readers->lock);
    struct session *session = readers->idle;
    if (session)
        readers->idle = session->next;
    else
        readers->made++;
    pthread_mutex_unlock(&readers->lock);
    if (!session) {
        session = session_create(readers->file, readers->codec, ROLE_READER);
        session->readers = readers;
    }
    return session;
}

void sqlite_readers_give(struct session *session)
{
    struct sqlite_readers *readers = session->readers;
    if (session->handle && !session->file->memory && !sqlite3_get_autocommit(session->handle))
        session->is_broken |= sqlite3_exec(session->handle, "ROLLBACK", NULL, NULL, NULL) !=
                              SQLITE_OK; /* see db_read_as_of_now */
    if (session->is_broken)
        session_disconnect(session);
    pthread_mutex_lock(&readers->lock);
    session->next = readers->idle;
    readers->idle = session;
    pthread_cond_signal(&readers->returned);
    pthread_mutex_unlock(&readers->lock);
}
