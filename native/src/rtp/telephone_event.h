#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "rtp/packet.h"

/// Key presses as named events (RFC 4733).
namespace offhook {

/// By event code (RFC 4733 section 3.2).
inline constexpr std::string_view kDtmfDigits = "0123456789*#ABCD";

struct TelephoneEvent {
  std::uint8_t event{0};  ///< an index into `kDtmfDigits`
  bool end{false};
  std::uint8_t volume{0};  ///< dB below 1 mW, 0 to 63
  std::uint16_t duration_ticks{0};
};

/// Empty for what is too short and for events other than DTMF (hook flash, fax and modem tones).
[[nodiscard]] inline std::optional<TelephoneEvent> parse_telephone_event(std::span<const std::uint8_t> payload) noexcept {
  if (payload.size() < 4 || payload[0] >= kDtmfDigits.size()) return std::nullopt;
  return TelephoneEvent{
      .event = payload[0],
      .end = (payload[1] & 0x80U) != 0,
      .volume = static_cast<std::uint8_t>(payload[1] & 0x3FU),
      .duration_ticks = rtp_detail::read_u16(payload.data() + 2),
  };
}

struct Digit {
  char digit{0};
  std::uint32_t duration_ticks{0};
};

/// Reports each press once: when its end arrives, or, should every copy of the end be lost, when the next press begins or
/// nothing of it has been heard for `kTimeoutMs`. Event and timestamp together name a press, so the marker bit (often missing)
/// is not needed, retransmitted ends are silent, and packets of a press already reported change nothing.
class TelephoneEventReceiver {
 public:
  /// Senders repeat every 20 to 50 ms; this outlasts three lost updates at the slowest pace.
  static constexpr std::int64_t kTimeoutMs = 200;

  [[nodiscard]] std::optional<Digit> on_packet(std::uint32_t timestamp, std::span<const std::uint8_t> payload, std::int64_t now_ms) noexcept {
    const auto event = parse_telephone_event(payload);
    if (!event || was_reported(timestamp, event->event)) return std::nullopt;
    std::optional<Digit> finished;
    if (pressed_ && is_next_segment(timestamp, event->event)) {
      earlier_ticks_ += kMaxSegmentTicks;
      remember(press_);
      press_.timestamp = timestamp;
      segment_ticks_ = 0;
    } else if (!pressed_ || press_ != Press{timestamp, event->event}) {
      finished = finish();
      press_ = {timestamp, event->event};
      pressed_ = true;
      ended_ = false;
      earlier_ticks_ = 0;
      segment_ticks_ = 0;
    }
    segment_ticks_ = std::max(segment_ticks_, event->duration_ticks);
    ended_ = ended_ || event->end;
    heard_ms_ = now_ms;
    // Two presses cannot leave at once: should an end bring the one before it to light as well, its own follows on the next tick.
    return finished || !ended_ ? finished : finish();
  }

  [[nodiscard]] std::optional<Digit> on_tick(std::int64_t now_ms) noexcept {
    if (!pressed_ || (!ended_ && now_ms - heard_ms_ < kTimeoutMs)) return std::nullopt;
    return finish();
  }

 private:
  struct Press {
    std::uint32_t timestamp{0};
    std::uint8_t event{0};
    bool operator==(const Press&) const = default;
  };
  static constexpr std::uint16_t kMaxSegmentTicks = 0xFFFF;

  /// A press longer than 16 bits can tell goes on under a new timestamp (RFC 4733 section 2.5.1.3).
  [[nodiscard]] bool is_next_segment(std::uint32_t timestamp, std::uint8_t event) const noexcept {
    return event == press_.event && !ended_ && timestamp == press_.timestamp + kMaxSegmentTicks;
  }

  std::optional<Digit> finish() noexcept {
    if (!pressed_) return std::nullopt;
    pressed_ = false;
    remember(press_);
    return Digit{kDtmfDigits[press_.event], earlier_ticks_ + segment_ticks_};
  }

  void remember(Press press) noexcept {
    reported_[reported_count_ % reported_.size()] = press;
    ++reported_count_;
  }

  [[nodiscard]] bool was_reported(std::uint32_t timestamp, std::uint8_t event) const noexcept {
    const auto known = std::span(reported_).first(std::min(reported_count_, reported_.size()));
    return std::find(known.begin(), known.end(), Press{timestamp, event}) != known.end();
  }

  Press press_;
  bool pressed_{false};
  bool ended_{false};
  std::uint16_t segment_ticks_{0};
  std::uint32_t earlier_ticks_{0};
  std::int64_t heard_ms_{0};
  std::array<Press, 4> reported_{};
  std::size_t reported_count_{0};
};

/// Makes the packets of one press at a time: the same timestamp throughout, the duration growing, the end three times.
class TelephoneEventSender {
 public:
  static constexpr int kEndPackets = 3;

  struct Packet {
    std::array<std::uint8_t, 4> payload{};
    std::uint32_t timestamp{0};
    bool marker{false};  ///< first packet of the press
    bool done{false};    ///< last packet of the press
  };

  /// `timestamp` is when the press begins. `ticks_per_packet` is the RTP clock's advance between calls of `next`.
  /// False, and nothing started, for a character that is no DTMF digit. Letters may be lower case.
  bool start(char digit, std::uint32_t timestamp, std::uint32_t duration_ticks, std::uint16_t ticks_per_packet) noexcept {
    const char upper = digit >= 'a' && digit <= 'd' ? static_cast<char>(digit - 'a' + 'A') : digit;
    const std::size_t event = kDtmfDigits.find(upper);
    if (event == std::string_view::npos) return false;
    event_ = static_cast<std::uint8_t>(event);
    timestamp_ = timestamp;
    duration_ticks_ = std::clamp<std::uint32_t>(duration_ticks, 1, 0xFFFF);
    ticks_per_packet_ = std::max<std::uint16_t>(ticks_per_packet, 1);
    sent_ticks_ = 0;
    ends_left_ = kEndPackets;
    return true;
  }

  [[nodiscard]] bool active() const noexcept { return ends_left_ > 0; }

  /// Only while active.
  [[nodiscard]] Packet next() noexcept {
    Packet packet;
    packet.timestamp = timestamp_;
    packet.marker = sent_ticks_ == 0;
    sent_ticks_ = std::min(sent_ticks_ + ticks_per_packet_, duration_ticks_);
    const bool end = sent_ticks_ == duration_ticks_;
    if (end) --ends_left_;
    packet.done = ends_left_ == 0;
    packet.payload[0] = event_;
    packet.payload[1] = static_cast<std::uint8_t>((end ? 0x80U : 0U) | kVolume);
    rtp_detail::write_u16(packet.payload.data() + 2, static_cast<std::uint16_t>(sent_ticks_));
    return packet;
  }

  void cancel() noexcept { ends_left_ = 0; }

 private:
  static constexpr std::uint8_t kVolume = 10;  ///< -10 dBm0, what telephones send

  std::uint8_t event_{0};
  std::uint16_t ticks_per_packet_{1};
  std::uint32_t timestamp_{0};
  std::uint32_t duration_ticks_{0};
  std::uint32_t sent_ticks_{0};
  int ends_left_{0};
};

}  // namespace offhook
