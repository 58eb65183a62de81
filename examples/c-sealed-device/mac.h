/* SPDX-FileCopyrightText: Countersign contributors
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef MAC_H
#define MAC_H

#include "sealed.h"

bool open_answer_mac(const struct device *device, const char *request, const char *answer, struct message *message);

#endif
