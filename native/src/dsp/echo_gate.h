#pragma once

#include <cstdint>
#include <span>

namespace offhook {

/// Makes silence of what is only the rest of an echo: a voice activity detector hears speech in it however faint it is.
///
/// How loud the rest may be it takes from two sides: what is expected of it for the echo that was taken away (a share that
/// falls as the filter learns), and for what was sent (as long as the search finds echo in the rest, or has not yet begun to).
class EchoGate {
 public:
  EchoGate() noexcept;

  /// How much of the rest is echo, by the search: 0 to 1.
  void set_share(float share) noexcept;
  /// Writes what goes on to `out`, which is as long as the two others. `sent_power`: of what may be echoing.
  void pass(std::span<const float> rest, std::span<const float> echo, float sent_power, std::span<std::int16_t> out) noexcept;
  /// Once a block, with all of it.
  void learn(std::span<const float> rest, std::span<const float> echo, float sent_power) noexcept;
  void reopen() noexcept;

 private:
  float coupling_;  ///< power of the rest that may be echo, for one of what was sent
  float leak_{1};   ///< and for one of the echo taken away
  float rest_average_{0};
  float sent_average_{0};
  float rest_recent_{0};
  float echo_recent_{0};
  int pieces_open_{0};
  float gain_{1};
};

}  // namespace offhook
