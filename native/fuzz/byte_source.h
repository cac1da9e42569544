#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <type_traits>

/// Reads a fuzzer's bytes as a script: numbers, choices, runs of payload. Reads zeros behind the end.
namespace offhook::fuzz {

class ByteSource {
 public:
  ByteSource(const std::uint8_t* data, std::size_t size) : left_(data, size) {}

  [[nodiscard]] bool empty() const { return left_.empty(); }

  template <typename Number>
  Number number() {
    static_assert(std::is_integral_v<Number>);
    Number value{};
    const auto bytes = take(sizeof value);
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), bytes.size());
    return value;
  }

  std::span<const std::uint8_t> take(std::size_t most) {
    const auto bytes = left_.first(std::min(most, left_.size()));
    left_ = left_.subspan(bytes.size());
    return bytes;
  }

 private:
  std::span<const std::uint8_t> left_;
};

/// What must hold whatever the input; a trap is what the fuzzer reports with the input that led to it.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace offhook::fuzz
