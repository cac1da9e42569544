#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "counters.h"
#include "dsp/cadence.h"
#include "dsp/comfort_noise.h"
#include "dsp/dtmf_press.h"
#include "dsp/echo_canceller.h"
#include "echo_line.h"
#include "gain.h"
#include "line_monitor.h"
#include "messages.h"
#include "own_presses.h"
#include "playout_queue.h"
#include "recording_tap.h"
#include "rtp/packet.h"
#include "rtp/telephone_event.h"
#include "voice_mix.h"

namespace offhook {

/// The sending half of a session: one packet per packet time, whatever there is to say. Owned by the media thread.
class Sender {
 public:
  Sender(std::uint32_t slot, std::uint32_t generation, int rtp_fd, PlayoutQueue& playout, EchoCanceller& canceller,
         SessionCounters& counters, OwnPresses& own_presses, RecordingTap& recording, EventSink& events, std::uint64_t random);

  void configure(const SessionConfig& config, bool fresh_codec) noexcept;
  void set_source(Source source, const ToneOrder& tone, const SoundOrder& sound = {}) noexcept;
  /// What is heard behind what the agent says; without a recording, nothing.
  void set_background(const SoundOrder& order) noexcept { background_.play(order.sound, order.level, order.level_under_speech); }
  /// A queue that is heard over all else.
  void set_injection(PlayoutQueue* queue) noexcept { injection_ = queue; }
  /// Is passed what is sent from now on; null ends that.
  void set_monitor(LineMonitor* monitor) noexcept { monitor_ = monitor; }
  /// Is passed what of it is no other's from now on; null ends that.
  void set_told(ToldVoice* told) noexcept { told_ = told; }
  /// Queues a key press; false when too many wait.
  bool send_digit(const DigitOrder& order) noexcept;
  void set_gain(float gain, std::uint32_t ramp_samples) noexcept { gain_.ramp_to(gain, ramp_samples); }
  /// Sends the packet of wall tick `tick` (5 ms each since the engine began), due at `deadline`.
  void send(std::uint64_t tick, MonotonicNs deadline, const Endpoint* destination) noexcept;

  [[nodiscard]] EchoLine& echo() noexcept { return echo_; }

  /// Whose voices are sent too.
  [[nodiscard]] VoiceMix& voices() noexcept { return voices_; }
  /// A key press at the other end of the bridge; nothing happens where the far end takes none.
  void bridge_digit(char digit, double duration_ms) noexcept;

 private:
  static constexpr std::size_t kMostDigits = 128;
  static constexpr std::size_t kMaxPacketBytes = 1'500;

  struct Composed {
    PlayoutQueue::Taken queue;
    bool full_level{false};
  };
  struct Payload {
    std::size_t bytes{0};
    bool noise{false};  ///< comfort noise
  };
  [[nodiscard]] Payload payload_of(std::span<const std::int16_t> frame, std::span<std::uint8_t> out) noexcept;
  bool say(std::span<std::int16_t> frame, std::span<std::int16_t> own, std::uint64_t tick, MonotonicNs deadline, const Endpoint* destination) noexcept;
  Composed compose(std::span<std::int16_t> frame) noexcept;
  void inject(std::span<std::int16_t> frame, MonotonicNs deadline) noexcept;
  void mix(std::span<std::int16_t> frame, std::uint64_t tick, MonotonicNs deadline) const noexcept;
  void after_queue_frame(const Composed& composed, MonotonicNs sent_at) noexcept;
  bool send_press(std::uint64_t tick, MonotonicNs deadline, const Endpoint& destination) noexcept;
  bool press_in_band(std::span<std::int16_t> frame, std::uint64_t tick, MonotonicNs deadline) noexcept;
  [[nodiscard]] bool takes_digits() const noexcept { return config_->event_payload_type || config_->in_band_digits; }
  DigitOrder next_digit() noexcept;
  [[nodiscard]] std::int64_t playout_limit() const noexcept;
  [[nodiscard]] bool digit_due() const noexcept;
  [[nodiscard]] std::uint32_t timestamp_at(std::uint64_t tick, std::uint32_t clock_rate_hz) const noexcept;
  using PacketBuffer = std::array<std::uint8_t, kMaxPacketBytes>;
  /// Protects what lies in the first `length` bytes where SRTP was agreed on, and sends it.
  bool send_packet(PacketBuffer& packet, std::size_t length, const Endpoint& destination, std::uint64_t tick,
                   MonotonicNs deadline) noexcept;
  [[nodiscard]] Event event(Event::Type type, MonotonicNs at) const noexcept;

  const std::uint32_t slot_;
  const std::uint32_t generation_;
  const int rtp_fd_;
  PlayoutQueue& playout_;
  EchoCanceller& canceller_;
  SessionCounters& counters_;
  OwnPresses& own_presses_;
  RecordingTap& recording_;
  EventSink& events_;
  const SessionConfig* config_{nullptr};

  Source source_{Source::queue};
  VoiceMix voices_;
  PlayoutQueue* injection_{nullptr};
  SoundLoop sound_;
  SoundLoop background_;
  LineMonitor* monitor_{nullptr};
  ToldVoice* told_{nullptr};
  Cadence cadence_{kAudioRateHz};
  Gain gain_;

  std::size_t digits_head_{0};
  std::size_t digits_count_{0};
  TelephoneEventSender press_;
  std::uint32_t gap_ms_{0};  ///< of silence still due after the last press
  DtmfPress tones_{kAudioRateHz};
  std::size_t pressed_{0};  ///< the key that `tones_` sounds

  SilenceSuppressor suppressor_;

  std::uint32_t ssrc_;
  std::uint16_t sequence_;
  std::uint32_t timestamp_base_;
  bool in_talkspurt_{false};
  MonotonicNs last_sent_at_{0};  ///< or was due and left out, as there was nothing to hear in it

  // Large, and hardly touched by most packets.
  std::array<DigitOrder, kMostDigits> digits_{};
  EchoLine echo_;
};

}  // namespace offhook
