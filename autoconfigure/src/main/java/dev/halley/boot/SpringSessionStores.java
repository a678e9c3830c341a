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

package dev.halley.boot;

import java.time.Instant;
import java.util.function.BooleanSupplier;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.web.http.SessionRepositoryFilter;

import dev.halley.connection.LoginSource.Sessions;

/**
 * Looks for sessions where Spring Session has them. Its filter names the store in the
 * request; where the filter did not run, the session is the server's.
 */
final class SpringSessionStores implements SessionStores {

	@Override
	public @Nullable Sessions of(HttpServletRequest request) {
		return (request
			.getAttribute(SessionRepositoryFilter.SESSION_REPOSITORY_ATTR) instanceof SessionRepository<?> repository)
					? new Store<>(repository) : null;
	}

	private record Store<S extends Session>(SessionRepository<S> repository) implements Sessions {

		private @Nullable S find(String id) {
			S session = this.repository.findById(id);
			return (session != null && !session.isExpired()) ? session : null;
		}

		@Override
		public boolean exists(String id) {
			return find(id) != null;
		}

		@Override
		public boolean touch(String id, BooleanSupplier gone) {
			S session = find(id);
			if (session == null) {
				return false;
			}
			session.setLastAccessedTime(Instant.now());
			this.repository.save(session);
			if (gone.getAsBoolean()) {
				// Some stores have just brought it back
				this.repository.deleteById(id);
				return false;
			}
			return true;
		}

	}

}
