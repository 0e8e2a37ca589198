/* confine.c - puts the locks on, from the one that costs least to the one that refuses most. */
#include "base/confine.h"

#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/confine_calls.h"
#include "base/confine_paths.h"

struct confinement confine_probe(void)
{
    return (struct confinement){
        .has_no_new_privileges = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) >= 0,
        .has_no_dumps = true,
        .landlock = confine_paths_version(),
        .has_call_filter = confine_calls_are_possible(),
    };
}

/* The hard limit of a core file is 0 too, so the process cannot raise it again. */
static bool confine_dumps(void)
{
    const struct rlimit none = {0};
    bool is_limited = setrlimit(RLIMIT_CORE, &none) == 0;
    if (!CONFINE_IS_LIGHT) /* LeakSanitizer traces, and what cannot be dumped cannot be traced */
        is_limited = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && is_limited;
    return is_limited;
}

void confine_start(struct confinement *ret_confinement)
{
    *ret_confinement = (struct confinement){
        .has_no_new_privileges = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0,
        .has_no_dumps = confine_dumps(),
    };
}

void confine_server(const struct confine_path *paths, struct confinement *ret_confinement)
{
    confine_start(ret_confinement);
    ret_confinement->landlock = confine_paths(paths, false);
    ret_confinement->has_call_filter = confine_calls_of_server();
}

void confine_computation(const struct confine_computation *computation,
                         struct confinement *ret_confinement)
{
    confine_start(ret_confinement);
    ret_confinement->landlock = confine_paths(computation->readable, true);
    ret_confinement->has_call_filter = confine_calls_of_computation(
        computation->readable && ret_confinement->landlock, computation->may_fork);
}
