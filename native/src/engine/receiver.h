#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "../rtp/packet.h"
#include "../rtp/sequence.h"
#include "counters.h"
#include "echo_line.h"
#include "heard_audio.h"
#include "messages.h"
#include "source_latch.h"

namespace offhook {

/// The receiving half of a session: datagram in, 16 kHz audio out. Owned by the media thread.
class Receiver {
 public:
  Receiver(std::uint32_t slot, std::uint32_t generation, HeardAudio& heard, SessionCounters& counters, EventSink& events)
      : slot_(slot), generation_(generation), heard_(heard), counters_(counters), events_(events) {}

  /// `config.codec` must be set. The config outlives its use here.
  void configure(const SessionConfig& config, bool fresh_codec, MonotonicNs now) noexcept;
  void on_datagram(std::span<const std::uint8_t> datagram, const Endpoint& from, MonotonicNs arrival) noexcept;
  void on_truncated() noexcept { counters_.packets_malformed.add(); }
  /// Once per frame: what time alone brings about.
  void poll(MonotonicNs now, MonotonicNs timeout_ns) noexcept;

  void set_echo(EchoLine* echo) noexcept { echo_ = echo; }
  [[nodiscard]] const Endpoint* destination() const noexcept { return latch_.destination(); }

 private:
  void on_audio(const RtpView& packet, MonotonicNs arrival) noexcept;
  void play(const RtpView& packet, MonotonicNs arrival) noexcept;
  void fill(std::int64_t missing_samples, bool lost, MonotonicNs arrival) noexcept;
  void deliver(std::span<const std::int16_t> samples, MonotonicNs arrival) noexcept;
  [[nodiscard]] Event event(Event::Type type, MonotonicNs at) const noexcept;

  const std::uint32_t slot_;
  const std::uint32_t generation_;
  HeardAudio& heard_;
  SessionCounters& counters_;
  EventSink& events_;
  EchoLine* echo_{nullptr};
  const SessionConfig* config_{nullptr};

  SourceLatch latch_;
  MonotonicNs last_audio_at_{0};
  bool timeout_told_{false};

  bool streaming_{false};
  std::uint32_t ssrc_{0};
  SequenceUnwrapper sequences_;
  TimestampUnwrapper timestamps_;
  std::int64_t next_sequence_{0};
  std::int64_t next_timestamp_{0};
  std::array<std::int16_t, kMaxPacketSamples> decoded_{};
};

}  // namespace offhook
