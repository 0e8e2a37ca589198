/* door.h - a small house behind the http room: what it does depends on the path.
 *
 * /hello /method /size /echo reply what they say; /none is 204; /early replies from open; /file
 * replies with a file, of ?size bytes; /small takes 10 bytes; /sink diverts, and its sink refuses
 * after ?take bytes; /park waits ?ms; /woken wakes itself before it returns; /again parks twice;
 * /both parks and replies; /wait waits
 * for what never comes; /hold keeps its worker until door_release. */
#pragma once
#include <stdatomic.h>

#include "http/http.h"

#define DOOR_FILE "door-file" /* its name, in the list of what the process has open */

struct door {
    struct http_server *server;
    _Atomic int opened, ran, resumed, refused, refused_unopened, closed;
    _Atomic int holding, held_most;
    _Atomic bool is_released;
    _Atomic uint64_t parked_number;
    _Atomic uint64_t diverted;
};

/* Settings that tests may change before door_start. */
struct http_settings door_settings(void);
void door_start(struct door *door, const struct http_settings *settings);
void door_stop(struct door *door, int64_t timeout_ms);
void door_release(struct door *door);

/* Waits until the counter has reached that much, and fails the test when it does not. */
void door_wait(_Atomic int *counter, int value);
/* The same of what is parked now. */
void door_wait_parked(struct door *door, uint64_t value);
