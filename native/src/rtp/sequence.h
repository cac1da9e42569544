#pragma once

#include <cstdint>
#include <type_traits>

namespace offhook {

/// Carries a wrapping RTP counter (RFC 3550 section 5.1) on as one that never wraps.
///
/// The step from the newest value is taken the short way round, so what lies up to half the range behind is late and
/// not a lap ahead. The first value stands for itself; what is older than it comes out smaller, perhaps negative.
/// Not thread-safe.
template <typename Counter>
class Unwrapper {
  static_assert(std::is_unsigned_v<Counter>);

 public:
  [[nodiscard]] std::int64_t unwrap(Counter value) noexcept {
    if (!started_) {
      started_ = true;
      newest_ = value;
      return newest_;
    }
    const std::int64_t extended = peek(value);
    if (extended > newest_) newest_ = extended;
    return extended;
  }

  /// What `unwrap` would return, without moving the newest value: for packets that may yet turn out to be strays.
  [[nodiscard]] std::int64_t peek(Counter value) const noexcept {
    if (!started_) return value;
    using Signed = std::make_signed_t<Counter>;
    return newest_ + static_cast<Signed>(static_cast<Counter>(value - static_cast<Counter>(newest_)));
  }

  void reset() noexcept { *this = Unwrapper{}; }

 private:
  std::int64_t newest_{0};
  bool started_{false};
};

using SequenceUnwrapper = Unwrapper<std::uint16_t>;
using TimestampUnwrapper = Unwrapper<std::uint32_t>;

}  // namespace offhook
