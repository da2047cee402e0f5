/**
 * /reset-password
 * @module
 */
import { ResetPasswordView } from "../views/accounts/recovery";

export default ResetPasswordView;
