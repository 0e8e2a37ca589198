/* provider_settings.h - what the settings say to those who talk to mail servers. */
#pragma once
#include "config.h"
#include "data_folder.h"
#include "provider/provider.h"

/* Lives as long as the two. */
struct provider_settings provider_settings_of(const struct config *config,
                                              const struct data_paths *paths);
