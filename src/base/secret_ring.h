/* secret_ring.h - the key of a key file, and the former ones that lie beside it, in memory of their
 * own. Inside secret.
 *
 * The memory is locked (not swapped), is in no dump, is empty in a child of this process, and is
 * wiped at the end of the process. A ring lasts as long as the process: the same path is the same
 * ring. Former keys are the files PATH.ID, where ID is secret_ring_id of what is in them. All
 * functions may be called by any thread. */
#pragma once
#include "base/secret.h"

enum { SECRET_RING_MOST = 64, SECRET_ID_SIZE = 16 };

struct secret_ring;

/* ERROR_INTERNAL when the file is no key of mode 0600; it is not made here. */
struct secret_ring *secret_ring_of(const char *path, struct error *error);

/* Reads the files again if the file at the path is another one than when it was read. True when it
 * was. */
bool secret_ring_refresh(struct secret_ring *ring);

/* The current key and then the former ones; the ring does not change until it is given back. */
const unsigned char (*secret_ring_take(struct secret_ring *ring,
                                       size_t *ret_count))[SECRET_KEY_SIZE];
void secret_ring_give(struct secret_ring *ring);

bool secret_ring_is_locked(const struct secret_ring *ring);

/* Names a key and tells nothing of it: 16 characters of hex. */
void secret_ring_id(const unsigned char key[SECRET_KEY_SIZE], char ret_id[SECRET_ID_SIZE + 1]);

/* All of them. Nothing may be sealed or opened after that. */
void secret_ring_wipe(void);
