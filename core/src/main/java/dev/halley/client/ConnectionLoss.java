/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.client;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * Why a connection is not there, or no longer.
 *
 * @param status how a WebSocket ended that had been open: the status of whoever closed
 * it, 1006 if there was no Close, or no pair for it; {@code null} if the server has not
 * accepted it, and for event streams
 * @param failure why an attempt failed ({@link ConnectFailedException}), why a stream
 * broke off ({@link java.io.IOException}), or what the application's own code threw;
 * {@code null} if a WebSocket was just closed, or a stream has come to its end
 * @param inARow how many connections were lost in a row, this one included, of which none
 * has {@linkplain ConnectStrategy#lasting() lasted}
 * @since 0.1
 */
public record ConnectionLoss(@Nullable CloseStatus status, @Nullable Throwable failure, int inARow) {
}
