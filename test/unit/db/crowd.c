#include "crowd.h"

#include <sched.h>
#include <semaphore.h>

/* Holds the database's writer until it is let go, so that a group can gather behind it. */
struct gate {
    struct db *db;
    sem_t is_held, let_go;
};

static bool hold(struct session *session, void *context, struct error *error)
{
    struct gate *gate = context;
    (void)session, (void)error;
    sem_post(&gate->is_held);
    sem_wait(&gate->let_go);
    return true;
}

static void *hold_gate(void *argument)
{
    struct gate *gate = argument;
    struct error error;
    db_write(gate->db, hold, gate, &error);
    return NULL;
}

static void *write_once(void *argument)
{
    struct writer *writer = argument;
    writer->has_written = db_write(writer->db, writer->work, writer, &writer->error);
    return NULL;
}

static void wait_until_waiting(struct db *db, size_t count)
{
    while (db_count(db).waiting < count)
        sched_yield();
}

void crowd_run(struct db *db, struct writer *writers, size_t count)
{
    struct gate gate = {.db = db};
    pthread_t holder;
    sem_init(&gate.is_held, 0, 0);
    sem_init(&gate.let_go, 0, 0);
    pthread_create(&holder, NULL, hold_gate, &gate);
    sem_wait(&gate.is_held);
    for (size_t i = 0; i < count; i++) {
        writers[i].db = db;
        pthread_create(&writers[i].thread, NULL, write_once, &writers[i]);
        wait_until_waiting(db, i + 1);
    }
    sem_post(&gate.let_go);
    for (size_t i = 0; i < count; i++)
        pthread_join(writers[i].thread, NULL);
    pthread_join(holder, NULL);
}
