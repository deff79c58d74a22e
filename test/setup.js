// The SDK's notice about future Node.js versions is noise in test output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
// Whether colours are on depends on who runs the tests (CI=true switches them on); what is tested are the words.
process.env.NO_COLOR = '1';
