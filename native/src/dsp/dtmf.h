#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

/// The signalling frequencies of push-button telephones (ITU-T Q.23): a key is one of the low and one of the high group at once.
namespace offhook {

inline constexpr std::array<double, 4> kDtmfLowHz{697, 770, 852, 941};
inline constexpr std::array<double, 4> kDtmfHighHz{1209, 1336, 1477, 1633};
/// A row for each low frequency, in it a key for each high one.
inline constexpr std::string_view kDtmfKeypad = "123A456B789C*0#D";

/// Where on the keypad `digit` is; letters may be lower case.
[[nodiscard]] constexpr std::optional<std::size_t> dtmf_key_of(char digit) noexcept {
  const char upper = digit >= 'a' && digit <= 'd' ? static_cast<char>(digit - 'a' + 'A') : digit;
  const std::size_t key = kDtmfKeypad.find(upper);
  return key == std::string_view::npos ? std::nullopt : std::optional(key);
}

}  // namespace offhook
