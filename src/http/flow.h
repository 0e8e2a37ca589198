/* flow.h - a request's way through this room, from its first byte to the end of its reply; on the
 * threads of the loops. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct connection;

/* Of CONNECTION_IDLE and _HEAD, and of CONNECTION_BODY: how much of data is done with; 0 when more
 * is needed. */
size_t flow_take_head(struct connection *connection, const char *data, size_t size);
size_t flow_take_body(struct connection *connection, const char *data, size_t size);
uint64_t flow_body_left(const struct connection *connection); /* at least 1 */

/* Of CONNECTION_WORK: the workers have given the exchange back. */
void flow_resume(struct connection *connection);
/* Of CONNECTION_WORK: the client sends no more, or is gone for good. */
void flow_client_leaves(struct connection *connection, bool is_gone);
/* Of CONNECTION_REPLY: there is room for more of the reply. */
void flow_write(struct connection *connection);
/* Of CONNECTION_HEAD: what has come is no whole request, and will not be. */
void flow_time_out(struct connection *connection);
/* Before the connection goes. */
void flow_abandon(struct connection *connection);
