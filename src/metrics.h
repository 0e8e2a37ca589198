/* metrics.h - what delivery has to say on /metrics. */
#pragma once
#include "base/buf.h"

void metrics_add(struct buf *buf, void *delivery);
