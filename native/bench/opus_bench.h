#pragma once

namespace offhook::bench {

/// Does nothing where libopus is not built.
void run_opus() __attribute__((weak));

}  // namespace offhook::bench
