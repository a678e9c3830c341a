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

package dev.halley.connection;

import org.springframework.web.socket.CloseStatus;

/**
 * The connection of a pair, for applications.
 *
 * @param connection the connection
 */
record LivePair(Connection connection) implements LiveConnection {

	@Override
	public ConnectionInfo info() {
		return this.connection.info();
	}

	@Override
	public ConnectionTraffic traffic() {
		return this.connection.traffic();
	}

	@Override
	public boolean isOpen() {
		return this.connection.ending().isOpen();
	}

	@Override
	public Sending send(Object message) {
		return new Letter(message).sendTo(this.connection);
	}

	@Override
	public void close(CloseStatus status) {
		this.connection.end(status);
	}

	@Override
	public String toString() {
		return this.connection.toString();
	}

}
